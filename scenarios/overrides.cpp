#include "scenarios/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "scenarios/grammar.hpp"
#include "scenarios/json_syntax.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kLongestOverride = std::size_t{1} << 20;

/// The steps of a JSON pointer; nothing when it does not begin with '/'.
std::optional<std::vector<std::string>> split_pointer(std::string_view pointer) {
  if (!pointer.starts_with('/')) return std::nullopt;
  std::vector<std::string> steps;
  for (std::size_t at = 0; at < pointer.size(); ++at) {
    if (pointer[at] == '/') {
      steps.emplace_back();
    } else if (pointer[at] == '~' && at + 1 < pointer.size() && (pointer[at + 1] == '0' || pointer[at + 1] == '1')) {
      steps.back() += pointer[++at] == '0' ? '~' : '/';
    } else {
      steps.back() += pointer[at];
    }
  }
  return steps;
}

/// "params.workers" is "/params/workers"; so is "/params/workers". Both mean the default of the parameter.
std::optional<std::vector<std::string>> steps_of(const std::string& path) {
  constexpr std::string_view kShort = "params.";
  auto steps = path.starts_with(kShort) ? std::optional(std::vector<std::string>{"params", path.substr(kShort.size())}) : split_pointer(path);
  if (steps && steps->size() == 2 && (*steps)[0] == "params") steps->emplace_back("default");
  return steps;
}

/// The value of an override: JSON when it is JSON, else a string. Its place is the command line.
Node value_of(const Override& override) {
  const std::string file = "--set " + override.path;
  if (override.value.size() <= kLongestOverride) {
    Diagnostics ignored;
    if (auto parsed = parse_json(override.value, file, ignored); parsed && !ignored.has_errors()) return std::move(*parsed);
  }
  Node node;
  node.type = Node::Type::string;
  node.text = override.value;
  node.source = std::make_shared<const SourceText>(SourceText{file, override.value});
  node.span = {0, static_cast<std::uint32_t>(override.value.size())};
  return node;
}

std::vector<std::string> member_names(const Node& node) {
  std::vector<std::string> out;
  for (const Node::Member& member : node.members) {
    if (!is_remark(member.key)) out.push_back(member.key);
  }
  return out;
}

class Setter {
 public:
  Setter(Node& document, const std::string& path, const Diagnostic& where, Diagnostics& out)
      : document_(document), path_(path), where_(where), out_(out) {}

  /// The node that the path names, or null after a report.
  Node* find() {
    const auto steps = steps_of(path_);
    if (!steps) {
      std::string slashes = "/" + path_;
      std::replace(slashes.begin(), slashes.end(), '.', '/');
      const bool meant = path_.find_first_of("/~[ ") == std::string::npos && !path_.empty();
      refuse("is not a path", meant ? "did you mean " + slashes + "? Only params.NAME is written with a dot"
                                    : "write params.NAME or a JSON pointer such as /runtime/gomaxprocs");
      return nullptr;
    }
    if (steps->front() == "extends" || steps->front() == "apiVersion" || steps->front() == "kind") {
      refuse("cannot be set", "only what the scenario says can be");
      return nullptr;
    }
    Node* at = &document_;
    const Type* type = &scenario_type();  // null below operations, which the grammar does not know
    for (const std::string& step : *steps) {
      at = descend(*at, type, step);
      if (at == nullptr) return nullptr;
    }
    return at;
  }

  void set(Node value) {
    Node* at = find();
    if (at == nullptr) return;
    *at = std::move(value);
    // The key keeps no place of its own: it was written in another document than the value is now.
    if (member_ != nullptr) member_->key_span = at->span;
  }

 private:
  void refuse(const std::string& what, std::string hint, std::string note = {}) {
    Diagnostic d = where_;
    d.code = "E0116";
    d.message = in_quotes(path_) + " " + what;
    d.hint = std::move(hint);
    d.note = std::move(note);
    out_.add(std::move(d));
  }
  Node* unknown(const std::string& step, const std::vector<std::string>& known) {
    const std::string near = did_you_mean(step, known);
    refuse("names nothing: there is no " + in_quotes(step), near, known_names("known there", known));
    return nullptr;
  }

  /// The node one step below `at`, made when the grammar knows it and the document does not have it.
  Node* descend(Node& at, const Type*& type, const std::string& step) {
    member_ = nullptr;
    if (at.is(Node::Type::array)) {
      std::size_t index = 0;
      const auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
      if (error != std::errc{} || end != step.data() + step.size() || index >= at.items.size()) {
        refuse("names nothing: there is no element " + in_quotes(step), "the list has " + std::to_string(at.items.size()));
        return nullptr;
      }
      type = type != nullptr && type->form == Form::list ? type->item : nullptr;
      return &at.items[index];
    }
    const Shape* shape = shape_of(at, type);
    const Field* field = shape == nullptr ? nullptr : shape->find(step);
    const auto found = std::find_if(at.members.begin(), at.members.end(), [&](const Node::Member& m) { return m.key == step; });
    const Type* below = field != nullptr ? &field->type : type != nullptr && (type->form == Form::map || type->form == Form::setting) ? type->item : nullptr;
    if (found != at.members.end()) {
      type = below;
      member_ = &*found;
      return &found->value;
    }
    if (!at.is(Node::Type::object)) {
      refuse("names nothing: there is nothing below " + std::string(at.kind()), "");
      return nullptr;
    }
    // Constants and switches need not be there before; every other map holds things that a value alone cannot make.
    const bool open = type != nullptr && (type->form == Form::setting || (type->form == Form::map && type->item->form == Form::setting));
    if (field == nullptr && !open) return unknown(step, shape != nullptr ? shape->keys() : member_names(at));
    type = below;
    Node made;
    made.type = Node::Type::object;
    made.source = at.source;
    made.span = at.span;
    at.members.push_back({step, at.span, std::move(made)});
    member_ = &at.members.back();
    return &member_->value;
  }

  static const Shape* shape_of(const Node& at, const Type* type) {
    if (type == nullptr) return nullptr;
    if (type->form == Form::object) return type->shape;
    if (type->form == Form::either) {
      for (const Type& choice : type->choices) {
        if (const Shape* shape = shape_of(at, &choice)) return shape;
      }
    }
    if (type->form != Form::tagged) return nullptr;
    const Node* tag = at.find(type->tag);
    for (const Variant& variant : type->variants) {
      if (tag != nullptr && variant.tag == tag->text) return variant.shape;
    }
    return nullptr;
  }

  Node& document_;
  const std::string& path_;
  const Diagnostic& where_;
  Diagnostics& out_;
  Node::Member* member_ = nullptr;  ///< of the last step
};

}  // namespace

std::optional<Override> parse_override(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return Override{text.substr(0, equals), text.substr(equals + 1)};
}

void apply_overrides(Node& document, const std::vector<Override>& overrides, Diagnostics& out) {
  for (const Override& override : overrides) {
    Diagnostic where;
    where.file = "--set";
    if (invalid_utf8(override.path) != std::string_view::npos || invalid_utf8(override.value) != std::string_view::npos) {
      where.code = "E0102";
      where.message = in_quotes(override.path) + " is set to what is not UTF-8";
      out.add(std::move(where));
      continue;
    }
    Setter(document, override.path, where, out).set(value_of(override));
  }
}

void check_path(Node& document, const std::string& path, const Diagnostic& where, Diagnostics& out) {
  (void)Setter(document, path, where, out).find();
}

}  // namespace gmpsim
