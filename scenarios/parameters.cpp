#include "scenarios/parameters.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "scenarios/grammar.hpp"
#include "scenarios/units.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kLongestValue = 256;  // [bytes]; it may stand in very many places

/// The value of a member of `params`, or null when it has none that can stand anywhere.
const Node* usable_value(const Node::Member& param) {
  const Node* value = is_remark(param.key) ? nullptr : param.value.find("default");
  const bool usable = value != nullptr && value->is_scalar() && !value->is(Node::Type::null) && value->text.size() <= kLongestValue;
  return usable ? value : nullptr;
}

Param value_of(const Node& node) {
  Param p;
  p.text = node.text;
  switch (node.type) {
    case Node::Type::integer: p.value = node.integer; return p;
    case Node::Type::boolean: p.value = node.boolean ? 1 : 0; return p;
    case Node::Type::string: break;
    default: p.unit = Param::Unit::text; return p;
  }
  const QuantityResult r = parse_quantity(node.text);
  p.unit = Param::Unit::text;
  if (!r) return p;
  if (r.quantity.unit == Unit::time) p.unit = Param::Unit::time;
  if (r.quantity.unit == Unit::size) p.unit = Param::Unit::size;
  if (r.quantity.unit == Unit::rate) p.unit = Param::Unit::rate;
  if (p.unit != Param::Unit::text && p.unit != Param::Unit::rate) p.value = r.quantity.value;
  return p;
}

/// -1, 0, 1; nothing when the two are of different kinds.
std::optional<int> compare(const Node& a, const Node& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : x > y ? 1 : 0; };
  if (a.is(Node::Type::number) || b.is(Node::Type::number)) {
    const auto x = parse_scaled(a.text, 9), y = parse_scaled(b.text, 9);
    const bool numbers = (a.is(Node::Type::number) || a.is(Node::Type::integer)) && (b.is(Node::Type::number) || b.is(Node::Type::integer));
    return x && y && numbers ? std::optional(sign(*x, *y)) : std::nullopt;
  }
  const Param pa = value_of(a), pb = value_of(b);
  if (a.type != b.type || pa.unit != pb.unit) return std::nullopt;
  if (pa.unit == Param::Unit::rate) {
    const Quantity x = parse_quantity(a.text).quantity, y = parse_quantity(b.text).quantity;
    __extension__ using Wide = __int128;
    return sign(static_cast<Wide>(x.value) * y.per, static_cast<Wide>(y.value) * x.per);
  }
  if (pa.unit == Param::Unit::text) return sign(a.text.compare(b.text), 0);
  return sign(pa.value, pb.value);
}

std::string shown(const Node& node) {
  if (node.is(Node::Type::string)) return in_quotes(node.text);
  return node.text.empty() ? std::string(node.kind()) : displayable(node.text);
}

void check_bounds(const Node& param, const Node& value, const std::string& pointer, Diagnostics& out) {
  const auto refuse = [&](std::string message, std::string hint) { out.add(at_node(value, pointer_to(pointer, "default"), "E0220", std::move(message), std::move(hint))); };
  for (const char* bound : {"min", "max"}) {
    const Node* limit = param.find(bound);
    if (limit == nullptr || !limit->is_scalar()) continue;
    const auto order = compare(value, *limit);
    if (!order) {
      out.add(at_node(*limit, pointer_to(pointer, bound), "E0221", shown(*limit) + " cannot bound " + shown(value), "bounds are of the same kind as the value"));
    } else if (std::string_view(bound) == "min" ? *order < 0 : *order > 0) {
      refuse(shown(value) + " is outside the bounds of the parameter", std::string(bound) + " is " + shown(*limit));
    }
  }
  const Node* one_of = param.find("oneOf");
  if (one_of == nullptr || !one_of->is(Node::Type::array)) return;
  const bool found = std::any_of(one_of->items.begin(), one_of->items.end(), [&](const Node& item) { return item.is_scalar() && compare(value, item) == 0; });
  if (found) return;
  std::string list;
  for (const Node& item : one_of->items) {
    if (list.size() > 80) break;
    list += (list.empty() ? "" : ", ") + shown(item);
  }
  refuse(shown(value) + " is not allowed for the parameter", "one of " + list);
}

using Values = std::map<std::string, const Node*, std::less<>>;

void put(Node& node, const Values& values, const std::vector<std::string>& known, const std::string& pointer, Diagnostics& out) {
  if (out.enough()) return;
  for (std::size_t i = 0; i < node.items.size(); ++i) put(node.items[i], values, known, pointer_to(pointer, i), out);
  if (!node.is(Node::Type::object)) return;
  const Node* name = node.find("param");
  const bool is_use = name != nullptr && name->is(Node::Type::string) &&
                      std::all_of(node.members.begin(), node.members.end(), [](const Node::Member& m) { return m.key == "param" || is_remark(m.key); });
  if (!is_use) {
    for (Node::Member& member : node.members) put(member.value, values, known, pointer_to(pointer, member.key), out);
    return;
  }
  const auto value = values.find(name->text);
  if (value == values.end()) {
    out.add(at_node(*name, pointer_to(pointer, "param"), "E0303", "there is no parameter " + in_quotes(name->text), did_you_mean(name->text, known),
                    known.empty() ? "the scenario has no params" : known_names("parameters", known)));
    return;
  }
  Node put_in = *value->second;
  put_in.span = node.span;
  put_in.source = node.source;
  node = std::move(put_in);
}

}  // namespace

std::vector<Param> fix_parameters(const Node& document, Diagnostics& out) {
  std::vector<Param> params;
  const Node* section = document.find("params");
  if (section == nullptr) return params;
  for (const Node::Member& member : section->members) {
    if (out.enough()) break;
    const Node* written = member.value.find("default");
    if (written != nullptr && written->text.size() > kLongestValue) {
      out.add(at_node(*written, "/params/" + displayable(member.key) + "/default", "E0222", "the value of a parameter is too long",
                      "at most " + std::to_string(kLongestValue) + " bytes"));
    }
    const Node* value = usable_value(member);
    if (value == nullptr) continue;
    Param p = value_of(*value);
    p.name = member.key;
    p.place = {&member.value, pointer_to("/params", member.key)};
    check_bounds(member.value, *value, p.place.pointer, out);
    params.push_back(std::move(p));
  }
  return params;
}

void put_parameters(Node& document, Diagnostics& out) {
  Node section;  // a copy, because the document changes under it
  if (const Node* params = document.find("params")) section = *params;
  Values values;
  std::vector<std::string> known;
  for (const Node::Member& member : section.members) {
    const Node* value = usable_value(member);
    if (value == nullptr) continue;
    values.emplace(member.key, value);
    known.push_back(member.key);
  }
  for (Node::Member& member : document.members) {
    if (member.key == "params" || member.key == "metadata" || member.key == "sweep" || is_remark(member.key)) continue;
    put(member.value, values, known, pointer_to("", member.key), out);
  }
}

}  // namespace gmpsim
