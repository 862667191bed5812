#include "scenarios/schema.hpp"

#include <utility>
#include <vector>

#include "scenarios/grammar.hpp"
#include "scenarios/json.hpp"
#include "scenarios/ops/registry.hpp"
#include "sim/check.hpp"

namespace gmpsim {
namespace {

/// Where a part of the schema applies, which changes what it demands.
struct Context {
  bool params = true;    ///< may {"param": …} stand here?
  bool complete = true;  ///< false: a document that extends another may leave out anything, and remove by null
};

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string reference(std::string_view name) { return "{\"$ref\":\"#/definitions/" + std::string(name) + "\"}"; }

class List {
 public:
  void add(std::string item) { text_ += (text_.empty() ? "" : ",") + std::move(item); }
  void add(std::string_view key, const std::string& value) { add(quote(key) + ":" + value); }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  [[nodiscard]] std::string array() const { return "[" + text_ + "]"; }
  [[nodiscard]] std::string object() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

std::string any_of(std::initializer_list<std::string> choices) {
  List list;
  for (const std::string& choice : choices) list.add(choice);
  return "{\"anyOf\":" + list.array() + "}";
}

/// A number of millionths as a decimal, without floating point.
std::string decimal(std::int64_t millionths) {
  const std::string fraction = std::to_string(1'000'000 + millionths % 1'000'000).substr(1);
  return std::to_string(millionths / 1'000'000) + (millionths % 1'000'000 == 0 ? "" : "." + fraction);
}

std::string bounds(const Type& type, std::string (*text)(std::int64_t)) {
  std::string out;
  if (type.min != Type::kNoMin) out += ",\"minimum\":" + text(type.min);
  if (type.max != Type::kNoMax) out += ",\"maximum\":" + text(type.max);
  return out;
}

std::string string_with(std::string_view pattern) { return "{\"type\":\"string\",\"pattern\":" + quote(pattern) + "}"; }

constexpr std::string_view kText = R"({"type":"string"})";
constexpr std::string_view kBoolean = R"({"type":"boolean"})";
constexpr std::string_view kScalar = R"({"type":["number","string","boolean"]})";
constexpr std::string_view kExpression = R"({"type":["integer","string","boolean"]})";
constexpr std::string_view kRemarks = R"("^x-":{})";
constexpr std::string_view kNote = R"("note":{"type":"string","description":"a remark, ignored"})";
// Text that is more than a bare number: a literal with a unit, or an expression.
constexpr std::string_view kWithUnit = R"-({"type":"string","pattern":"^(?!\\s*[0-9.]*\\s*$)"})-";
constexpr std::string_view kAboveZero = R"-({"type":"string","pattern":"^(?!\\s*([0-9.]*|[0.]+[A-Za-z\u00b5]+)\\s*$)"})-";

std::string object_schema(const Shape& shape, std::string_view tag, std::string_view tag_value, Context context);

/// The schema of a scalar, without {"param": …}.
std::string scalar_schema(const Type& type) {
  const auto plain = [](std::int64_t v) { return std::to_string(v); };
  switch (type.form) {
    case Form::text: return std::string(kText);
    case Form::title:
    case Form::identifier:
    case Form::name:
    case Form::selector:
    case Form::rate: return string_with(pattern_of(type.form));
    case Form::word: {
      List words;
      for (const std::string& word : split_words(type.words)) words.add(quote(word));
      return "{\"enum\":" + words.array() + "}";
    }
    case Form::boolean: return std::string(kBoolean);
    case Form::integer: return any_of({"{\"type\":\"integer\"" + bounds(type, plain) + "}", R"({"type":"string","minLength":1})"});
    case Form::ratio: return any_of({"{\"type\":\"number\"" + bounds(type, decimal) + "}", string_with("^[0-9]+(\\.[0-9]+)?%$")});
    case Form::time:
    case Form::size: return std::string(type.min > 0 ? kAboveZero : kWithUnit);
    case Form::seed: return any_of({R"({"type":"integer","minimum":0})", string_with(pattern_of(Form::seed))});
    case Form::expression: return std::string(kExpression);
    case Form::condition: return R"({"type":"string","pattern":"\\S"})";
    default: return std::string(kScalar);
  }
}

std::string schema_of(const Type& type, Context context);

/// The schema of what has parts.
std::string composite_schema(const Type& type, Context context) {
  const std::string key_pattern = std::string(pattern_of(type.key));
  switch (type.form) {
    case Form::list: return "{\"type\":\"array\",\"items\":" + schema_of(*type.item, context) + "}";
    case Form::map: {
      const std::string item = schema_of(*type.item, context);
      if (key_pattern.empty()) return "{\"type\":\"object\",\"properties\":{" + std::string(kNote) + "},\"patternProperties\":{" + std::string(kRemarks) + "},\"additionalProperties\":" + item + "}";
      return "{\"type\":\"object\",\"properties\":{" + std::string(kNote) + "},\"patternProperties\":{" + std::string(kRemarks) + "," +
             quote("^(?!note$|x-)" + key_pattern.substr(1)) + ":" + item + "},\"additionalProperties\":false}";
    }
    case Form::object: return object_schema(*type.shape, "", "", context);
    case Form::tagged: {
      if (!context.complete) return R"({"type":"object"})";  // the tag may be in the document below
      List variants;
      for (const Variant& variant : type.variants) variants.add(object_schema(*variant.shape, type.tag, variant.tag, context));
      return "{\"type\":\"object\",\"required\":[" + quote(type.tag) + "],\"anyOf\":" + variants.array() + "}";
    }
    default: {
      List choices;
      for (const Type& choice : type.choices) choices.add(schema_of(choice, context));
      return "{\"anyOf\":" + choices.array() + "}";
    }
  }
}

std::string schema_of(const Type& type, Context context) {
  if (type.variants.data() == distribution_type().variants.data() && type.form == Form::tagged && context.complete) return reference("distribution");
  const std::string param = context.params ? reference("param") : R"({"not":{}})";
  std::string out;
  switch (type.form) {
    case Form::anything: return "{}";
    case Form::operations: out = reference("ops"); break;
    case Form::setting: out = any_of({std::string(kScalar), R"({"type":"object","additionalProperties":{"anyOf":[)" + std::string(kScalar) + "," + param + "]}}"}); break;
    case Form::list:
    case Form::map:
    case Form::object:
    case Form::tagged:
    case Form::either: out = composite_schema(type, context); break;
    default: out = context.params ? any_of({scalar_schema(type), param}) : scalar_schema(type); break;
  }
  return context.complete ? out : any_of({out, R"({"type":"null"})"});
}

std::string object_schema(const Shape& shape, std::string_view tag, std::string_view tag_value, Context context) {
  List properties, required, alternatives;
  if (!tag.empty()) {
    properties.add(tag, "{\"const\":" + quote(tag_value) + ",\"description\":" + quote(shape.what) + "}");
    required.add(quote(tag));
  }
  for (const auto part : {shape.fields, shape.common}) {
    for (const Field& field : part) {
      // Siblings of $ref are ignored in draft-07, hence allOf.
      properties.add(field.key, "{\"description\":" + quote(field.doc) + ",\"allOf\":[" + schema_of(field.type, context) + "]}");
      if (field.need == Need::required) required.add(quote(field.key));
      if (field.need == Need::alternative) alternatives.add("{\"required\":[" + quote(field.key) + "]}");
    }
  }
  properties.add(std::string(kNote));
  std::string out = "{\"type\":\"object\",\"properties\":" + properties.object() + ",\"patternProperties\":{" + std::string(kRemarks) + "},\"additionalProperties\":false";
  if (context.complete && !required.empty()) out += ",\"required\":" + required.array();
  if (context.complete && !alternatives.empty()) out += ",\"oneOf\":" + alternatives.array();
  return out + "}";
}

/// The document: like any object, but its header is fixed and parameters do not stand in every section.
std::string document_schema(bool complete) {
  List properties;
  for (const Field& field : scenario_type().shape->fields) {
    const bool plain = field.key == "params" || field.key == "metadata" || field.key == "sweep" || field.key == "extends" || field.key == "$schema";
    std::string value = schema_of(field.type, {.params = !plain, .complete = complete});
    if (field.key == "apiVersion") value = R"({"const":"gmpsim/v1"})";
    if (field.key == "kind") value = R"({"const":"Scenario"})";
    properties.add(field.key, "{\"description\":" + quote(field.doc) + ",\"allOf\":[" + value + "]}");
  }
  properties.add(std::string(kNote));
  std::string out = "{\"type\":\"object\",\"properties\":" + properties.object() + ",\"patternProperties\":{" + std::string(kRemarks) + "},\"additionalProperties\":false";
  if (complete) out += R"(,"required":["apiVersion","kind","programs"],"anyOf":[{"required":["start"]},{"required":["arrivals"]}])";
  return out + "}";
}

/// One operation: exactly one verb, and with it the keys of that verb. Every verb is listed as a property, so that an
/// editor offers it; what else may stand beside it is said by the definition of the verb.
void add_operations(List& definitions) {
  List verbs, needed, cases;
  for (const OpSpec& op : all_ops().all()) {
    const std::string verb = op.verb.key;
    std::string schema = op.schema();  // {"properties": {…}, "required": […]}
    schema.pop_back();
    schema += ",\"patternProperties\":{\"^(note$|x-)\":{},\"^stream$\":{\"type\":\"string\",\"minLength\":1,\"description\":\"name of its random draws, in place of where it stands\"}},\"additionalProperties\":false}";
    definitions.add("op_" + verb, schema);
    verbs.add(verb, "{\"description\":" + quote(op.verb.doc) + "}");
    needed.add("{\"required\":[" + quote(verb) + "]}");
    cases.add("{\"if\":{\"required\":[" + quote(verb) + "]},\"then\":" + reference("op_" + verb) + "}");
  }
  verbs.add(std::string(kNote));
  definitions.add("op", "{\"type\":\"object\",\"properties\":" + verbs.object() + ",\"anyOf\":" + needed.array() + ",\"allOf\":" + cases.array() + "}");
  definitions.add("ops", R"({"type":"array","items":{"$ref":"#/definitions/op"}})");
}

std::string definitions() {
  List out;
  const std::string param = reference("param");
  out.add("param", R"({"type":"object","description":"the value of a parameter","properties":{"param":{"type":"string","pattern":)" + quote(pattern_of(Form::identifier)) + "}," +
                       std::string(kNote) + R"(},"patternProperties":{"^x-":{}},"required":["param"],"additionalProperties":false})");
  out.add("expression", any_of({std::string(kExpression), param}));
  out.add("name", any_of({string_with("^[A-Za-z_][A-Za-z0-9_]*(\\s*\\[.*\\])?$"), param}));
  out.add("distribution", composite_schema(distribution_type(), {}));
  out.add("time", any_of({std::string(kWithUnit), reference("distribution"), param}));
  out.add("size", any_of({R"({"type":["integer","string"]})", param}));
  add_operations(out);
  return out.object();
}

}  // namespace

std::string scenario_schema() {
  const std::string text = R"({"$schema":"http://json-schema.org/draft-07/schema#","title":"gmpsim scenario, version 1","definitions":)" + definitions() +
                           R"(,"if":{"required":["extends"]},"then":)" + document_schema(false) + ",\"else\":" + document_schema(true) + "}";
  Diagnostics out;
  const auto parsed = parse_json(text, "schema", out);
  GMPSIM_CHECK(parsed.has_value() && !out.has_errors(), "tables and entries of operations give JSON");
  return to_json(*parsed) + "\n";
}

}  // namespace gmpsim
