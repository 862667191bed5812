// How an operation is written: its entry in the JSON Schema from the forms that its file declares.

#include "scenarios/ops/registry.hpp"

namespace gmpsim {

const OpPart* OpSpec::part(std::string_view key) const {
  if (key == verb.key) return &verb;
  for (const OpPart& p : parts)
    if (p.key == key) return &p;
  return nullptr;
}

const OpSpec* Registry_ops::find(std::string_view verb) const {
  for (const OpSpec& s : all_)
    if (s.verb.key == verb) return &s;
  return nullptr;
}

std::vector<std::string> Registry_ops::verbs() const {
  std::vector<std::string> names;
  for (const OpSpec& s : all_) names.push_back(s.verb.key);
  return names;
}

const Registry_ops& all_ops() {
  static const Registry_ops registry = [] {
    Registry_ops r;
    register_all_ops(r);
    return r;
  }();
  return registry;
}

namespace {

std::string json_text(std::string_view s) {
  std::string out = "\"";
  for (const char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string schema_of(const OpPart& p) {
  std::string words;
  for (const std::string& w : p.words) words += (words.empty() ? "" : ",") + json_text(w);
  const auto with_words = [&](const std::string& schema) {
    return words.empty() ? schema : "{\"anyOf\":[" + schema + ",{\"enum\":[" + words + "]}]}";
  };
  const auto reference = [](std::string_view name) { return "{\"$ref\":\"#/definitions/" + std::string(name) + "\"}"; };
  switch (p.form) {
    case OpForm::flag: return "{\"anyOf\":[{\"type\":\"boolean\"}," + reference("param") + "]}";
    case OpForm::value:
    case OpForm::condition:
    case OpForm::count:
    case OpForm::reference: return with_words(reference("expression"));
    case OpForm::values:
      return "{\"anyOf\":[" + reference("expression") + ",{\"type\":\"array\",\"items\":" + reference("expression") +
             "}]}";
    case OpForm::draw: return "{\"anyOf\":[" + reference("expression") + "," + reference("distribution") + "]}";
    case OpForm::time: return with_words(reference("time"));
    case OpForm::size: return with_words(reference("size"));
    case OpForm::name: return reference("name");
    case OpForm::names:
      return "{\"anyOf\":[" + reference("name") + ",{\"type\":\"array\",\"items\":" + reference("name") + "}]}";
    case OpForm::block: return reference("ops");
    case OpForm::program:
    case OpForm::label: return "{\"type\":\"string\"}";
    case OpForm::arguments: return "{\"type\":\"object\",\"additionalProperties\":" + reference("expression") + "}";
    case OpForm::word:
      if (!p.schema.empty()) return p.schema;
      return "{\"anyOf\":[{\"enum\":[" + words + "]}," + reference("param") + "]}";
    case OpForm::own: return p.schema;
  }
  return "{}";
}

}  // namespace

std::string OpSpec::schema() const {
  std::string properties, required = json_text(verb.key);
  const auto add = [&](const OpPart& p) {
    const std::string body = schema_of(p);
    // Siblings of $ref are ignored in draft-07, so documentation and schema stand side by side under allOf.
    properties += (properties.empty() ? "" : ",") + json_text(p.key) + ":{\"description\":" + json_text(p.doc) +
                  ",\"allOf\":[" + body + "]}";
    if (p.required) required += "," + json_text(p.key);
  };
  add(verb);
  for (const OpPart& p : parts) add(p);
  std::string choices;
  for (const std::string& key : one_of)
    choices += (choices.empty() ? "" : ",") + ("{\"required\":[" + json_text(key) + "]}");
  if (!choices.empty()) choices = ",\"oneOf\":[" + choices + "]";
  return "{\"properties\":{" + properties + "},\"required\":[" + required + "]" + choices + "}";
}

}  // namespace gmpsim
