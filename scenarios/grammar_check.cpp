#include "scenarios/grammar_check.hpp"

#include <algorithm>
#include <utility>

#include "scenarios/constants.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kLongestDeclared = 100;  // names appear in every table and trace

class Checker {
 public:
  Checker(std::string pointer, const Constants& constants, Diagnostics& out)
      : pointer_(std::move(pointer)), constants_(constants), out_(out) {}

  void check(const Node& node, const Type& type) {
    if (out_.enough()) return;
    if (node.is(Node::Type::null) && type.form != Form::anything) {
      return report(node, "E0106", "null where " + describe(type) + " belongs",
                    "leave the key out; null only removes keys of what is extended");
    }
    switch (type.form) {
      case Form::anything: return;
      case Form::text: string(node, type); return;
      case Form::title:
      case Form::identifier:
      case Form::name:
      case Form::selector:
        if (string(node, type)) name(node, node.span, node.text, type.form);
        return;
      case Form::condition:
        if (string(node, type) && node.text.find_first_not_of(" \t\n\r") == std::string::npos)
          report(node, "E0106", "the condition is empty");
        return;
      case Form::word:
        if (string(node, type)) word(node, type);
        return;
      case Form::boolean:
        if (!node.is(Node::Type::boolean)) wrong_type(node, type);
        return;
      case Form::integer:
      case Form::ratio:
      case Form::time:
      case Form::size:
      case Form::rate:
      case Form::seed: return number(node, type);
      case Form::expression:
        if (!node.is(Node::Type::integer) && !node.is(Node::Type::string) && !node.is(Node::Type::boolean))
          wrong_type(node, type);
        return;
      case Form::scalar:
        if (!node.is_scalar()) wrong_type(node, type);
        return;
      case Form::setting: return setting(node, type);
      case Form::operations:
        if (!node.is(Node::Type::array)) wrong_type(node, type);
        return;
      case Form::list: return list(node, type);
      case Form::map: return map(node, type);
      case Form::object:
        if (node.is(Node::Type::object)) return object(node, *type.shape, "");
        return wrong_type(node, type);
      case Form::tagged: return tagged(node, type);
      case Form::either: return either(node, type);
    }
  }

 private:
  void report(const Node& node, std::string code, std::string message, std::string hint = {}, std::string note = {}) {
    out_.add(at_node(node, pointer_, std::move(code), std::move(message), std::move(hint), std::move(note)));
  }
  void wrong_type(const Node& node, const Type& type) {
    report(node, "E0106", std::string(node.kind()) + " where " + describe(type) + " belongs");
  }
  bool string(const Node& node, const Type& type) {
    if (node.is(Node::Type::string)) return true;
    wrong_type(node, type);
    return false;
  }

  /// Steps into a member or item while `body` runs.
  template <class Key, class Body>
  void inside(const Key& key, Body&& body) {
    const std::size_t before = pointer_.size();
    pointer_ = pointer_to(pointer_, key);
    body();
    pointer_.resize(before);
  }

  void number(const Node& node, const Type& type) {
    if (!node.is_scalar()) return wrong_type(node, type);
    const Constant c = constants_.number(node, type);
    if (!c) out_.add(at_span(node, c.span, pointer_, c.code, c.message, c.hint));
  }

  void name(const Node& node, SourceSpan span, const std::string& text, Form form) {
    const auto say = [&](std::string message, std::string hint) {
      out_.add(at_span(node, span, pointer_, "E0301", std::move(message), std::move(hint)));
    };
    if (form == Form::selector) return selector(node, text);
    if (text.empty()) return say("the name is empty", "");
    if (text.size() > kLongestDeclared)
      return say("the name " + in_quotes(text) + " is too long",
                 "at most " + std::to_string(kLongestDeclared) + " characters");
    if (matches(form, text)) return;
    if (form == Form::title) return say(in_quotes(text) + " is not a name for a scenario", "use a-z, 0-9 and hyphens");
    if (form == Form::identifier)
      return say(in_quotes(text) + " is not a name that expressions can use",
                 "letters, digits and _, not beginning with a digit");
    say(in_quotes(text) + " is not a name", "letters, digits, _, hyphens and dots, beginning with a letter or _");
  }

  void selector(const Node& node, const std::string& text) {
    constexpr const char* kHint = "\"*\", \"program:x\", \"class:x\", \"goroutine:x\" or \"goroutine:program#n\"";
    if (text == "*") return;
    const std::size_t colon = text.find(':');
    const std::string family = text.substr(0, colon);
    if (colon == std::string::npos || (family != "program" && family != "class" && family != "goroutine")) {
      const std::string near = did_you_mean(family, {"program", "class", "goroutine"});
      return report(node, "E0302", in_quotes(text) + " selects no goroutines",
                    colon != std::string::npos && !near.empty() ? near : kHint);
    }
    std::string who = text.substr(colon + 1);
    if (family == "goroutine" && who.find('#') != std::string::npos) {
      const std::string digits = who.substr(who.find('#') + 1);
      const bool good = !digits.empty() && digits.size() <= 9 && digits[0] != '0' &&
                        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (!good)
        return report(node, "E0302", in_quotes(text) + " selects no goroutine",
                      "goroutines of a program are numbered from 1: \"goroutine:worker#2\"");
      who.resize(who.find('#'));
    }
    if (!matches(Form::name, who)) report(node, "E0302", in_quotes(text) + " selects no goroutines", kHint);
  }

  void word(const Node& node, const Type& type) {
    const std::vector<std::string> known = split_words(type.words);
    if (std::find(known.begin(), known.end(), node.text) != known.end()) return;
    const std::string near =
        known.size() == 1 ? "the only word here is " + in_quotes(known[0]) : did_you_mean(node.text, known);
    report(node, "E0109", in_quotes(node.text) + " is not known here", near,
           known.size() == 1 ? "" : known_names("known here", known));
  }

  void setting(const Node& node, const Type& type) {
    if (node.is(Node::Type::array)) return wrong_type(node, type);
    for (const Node::Member& member : node.members) {
      if (out_.enough()) return;
      if (is_remark(member.key) || member.value.is_scalar()) continue;
      inside(member.key, [&] {
        report(member.value, "E0106",
               std::string(member.value.kind()) + " where a number, a string, true or false belongs");
      });
    }
  }

  void list(const Node& node, const Type& type) {
    if (!node.is(Node::Type::array)) return wrong_type(node, type);
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      inside(i, [&] { check(node.items[i], *type.item); });
    }
  }

  void map(const Node& node, const Type& type) {
    if (!node.is(Node::Type::object)) return wrong_type(node, type);
    for (const Node::Member& member : node.members) {
      if (out_.enough()) return;
      inside(member.key, [&] {
        if (remark(member)) return;
        name(member.value, member.key_span, member.key, type.key);
        check(member.value, *type.item);
      });
    }
  }

  /// Notes and extensions, which every object may have.
  bool remark(const Node::Member& member) {
    if (!is_remark(member.key)) return false;
    if (member.key == "note" && !member.value.is(Node::Type::string)) {
      report(member.value, "E0106", std::string(member.value.kind()) + " where a remark belongs", "a note is a string");
    }
    return true;
  }

  void object(const Node& node, const Shape& shape, std::string_view tag) {
    for (const Node::Member& member : node.members) {
      if (out_.enough()) return;
      inside(member.key, [&] {
        if (member.key == tag || remark(member)) return;
        if (const Field* field = shape.find(member.key)) return check(member.value, field->type);
        if (out_.full()) return report(node, "E0107", "unknown key");
        std::vector<std::string> known = shape.keys();
        if (!tag.empty()) known.emplace_back(tag);
        out_.add(unknown_key(member, pointer_, known));
      });
    }
    required(node, shape);
    alternatives(node, shape);
  }

  void required(const Node& node, const Shape& shape) {
    for (const auto part : {shape.fields, shape.common}) {
      for (const Field& field : part) {
        if (field.need != Need::required || node.find(field.key) != nullptr) continue;
        out_.add(at_span(node, {node.span.begin, node.span.begin + 1}, pointer_, "E0108",
                         std::string(shape.what) + " needs " + in_quotes(field.key), std::string(field.doc)));
      }
    }
  }

  void alternatives(const Node& node, const Shape& shape) {
    std::vector<std::string> known;
    std::vector<const Node::Member*> present;
    for (const Field& field : shape.fields) {
      if (field.need == Need::alternative) known.emplace_back(field.key);
    }
    if (known.empty()) return;
    for (const Node::Member& member : node.members) {
      const Field* field = shape.find(member.key);
      if (field != nullptr && field->need == Need::alternative) present.push_back(&member);
    }
    if (present.size() == 1) return;
    if (present.empty()) {
      out_.add(at_span(node, {node.span.begin, node.span.begin + 1}, pointer_, "E0108",
                       std::string(shape.what) + " needs one of its kinds", "", known_names("one of", known)));
      return;
    }
    const Node::Member& second = *present[1];
    out_.add(at_span(second.value, second.key_span, pointer_to(pointer_, second.key), "E0110",
                     in_quotes(second.key) + " beside " + in_quotes(present[0]->key),
                     std::string(shape.what) + " has exactly one of these"));
  }

  void tagged(const Node& node, const Type& type) {
    if (!node.is(Node::Type::object)) return wrong_type(node, type);
    const Node* tag = node.find(type.tag);
    std::vector<std::string> known;
    for (const Variant& variant : type.variants) known.emplace_back(variant.tag);
    if (tag == nullptr) {
      // A misspelled tag would otherwise be reported as two problems.
      for (const Node::Member& member : node.members) {
        if (nearest(member.key, {std::string(type.tag)}).empty()) continue;
        inside(member.key, [&] { out_.add(unknown_key(member, pointer_, {std::string(type.tag)})); });
        return;
      }
      out_.add(at_span(node, {node.span.begin, node.span.begin + 1}, pointer_, "E0108",
                       "it needs " + in_quotes(type.tag), "", known_names("one of", known)));
      return;
    }
    const auto variant = std::find_if(type.variants.begin(), type.variants.end(), [&](const Variant& v) {
      return tag->is(Node::Type::string) && v.tag == tag->text;
    });
    if (variant != type.variants.end()) return object(node, *variant->shape, type.tag);
    inside(type.tag, [&] {
      if (!tag->is(Node::Type::string))
        return report(*tag, "E0106", std::string(tag->kind()) + " where a string belongs", "",
                      known_names("one of", known));
      report(*tag, "E0109", in_quotes(tag->text) + " is not known here", did_you_mean(tag->text, known),
             known_names("known here", known));
    });
  }

  /// Picks the choice by the kind of the node, so that the message speaks of what the user meant.
  void either(const Node& node, const Type& type) {
    const auto fits = [&](const Type& choice) {
      switch (choice.form) {
        case Form::object:
        case Form::tagged: return node.is(Node::Type::object);
        case Form::list: return node.is(Node::Type::array);
        case Form::boolean: return node.is(Node::Type::boolean);
        case Form::size: return node.is(Node::Type::string);
        case Form::word: return node.is(Node::Type::string) && matches(Form::name, node.text);
        case Form::integer:
          return node.is(Node::Type::integer) || node.is(Node::Type::number) || node.is(Node::Type::string);
        default: return node.is_scalar();
      }
    };
    // The last choice that fits: a plain integer before text with a unit, a word before an expression.
    const Type* best = nullptr;
    for (const Type& choice : type.choices) {
      if (fits(choice)) best = &choice;
    }
    if (best == nullptr) return wrong_type(node, type);
    check(node, *best);
  }

  std::string pointer_;
  const Constants& constants_;
  Diagnostics& out_;
};

}  // namespace

void check_grammar(const Node& node, const Type& type, std::string pointer, const Constants& constants,
                   Diagnostics& out) {
  Checker(std::move(pointer), constants, out).check(node, type);
}

Diagnostic unknown_key(const Node::Member& member, const std::string& pointer, const std::vector<std::string>& known) {
  return at_span(member.value, member.key_span, pointer, "E0107", "unknown key " + in_quotes(member.key),
                 did_you_mean(member.key, known), known_names("known here", known));
}

}  // namespace gmpsim
