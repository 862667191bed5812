// Loops, branches, calls, panics and what leaves them, in an exported program (see export_go.hpp).
//
// `try` and `once` are blocks in a scenario and function literals in Go. What leaves them (return, break, continue)
// notes where it is going in a variable and returns from the literal; behind it the way goes on.

#include <algorithm>

#include "tools/go_export/translator.hpp"

namespace gmpsim {
namespace {

const Node& text_of(const Node& op, std::string_view key) { return *op.find(key); }

std::string word(const Node& op, std::string_view key) {
  const Node* const node = op.find(key);
  return node != nullptr && node->is(Node::Type::string) ? node->text : "";
}

}  // namespace

std::string GoTranslator::loop_label(const std::string& key) const {
  const auto found = knowledge_.labelled.find(key);
  return "loop" + std::to_string(std::distance(knowledge_.labelled.begin(), found) + 1);
}

void GoTranslator::block(const Node& array) {
  const std::size_t mark = visible_.size();
  const Node* const op = op_;
  for (std::size_t i = 0; i < array.items.size(); ++i) {
    const At at(*this, i);
    one(array.items[i]);
  }
  op_ = op;
  visible_.resize(mark);
}

void GoTranslator::block(const Node& op, std::string_view key) {
  const Node* const node = op.find(key);
  if (node == nullptr) return;
  const At at(*this, key);
  block(*node);
}

// --- calls

const Program& GoTranslator::callee(const Node& op, std::string_view key) {
  return *scenario_.program(text_of(op, key).text);
}

std::string GoTranslator::function(const std::string& program) const { return functions_.at(program); }

/// ", a, b": in the callee's order. `fix`: what is no constant goes into a temporary first.
std::string GoTranslator::arguments(const Node& op, const Program& callee, bool fix) {
  std::map<std::string, std::string> given;
  if (const Node* const args = op.find("args")) {
    const At at(*this, "args");
    for (const Node::Member& m : args->members) {
      const At member(*this, m.key);
      const GoValue v = value_of(m.value);
      const GoTypes::Id type = knowledge_.types.at(callee.place.pointer + "=" + m.key);
      same(m.value, v.condition ? 0 : v.type, type, "the argument \"" + m.key + "\"");
      std::string text = v.condition ? "truth(" + v.text + ")" : v.text;
      if (v.constant && v.value == 0) text = knowledge_.types.is_reference(type) ? "nil" : "0";
      if (fix && !v.constant) {
        const std::string name = unique("arg");
        line(name + " := " + text);
        text = name;
      }
      given[m.key] = text;
    }
  }
  std::string out;
  for (const std::string& a : callee.args) out += ", " + given[a];
  return out;
}

void GoTranslator::op_call(const Node& op) {
  const Program& p = callee(op, "call");
  const std::string call = function(p.name) + "(g" + arguments(op, p, false) + ")";
  const std::vector<Stored> as = names(op, "as");
  if (!as.empty()) {
    std::size_t& results = knowledge_.results[p.name];
    learn(results < as.size());
    results = std::max(results, as.size());
    if (results != as.size())
      refuse(op, "calls that want different numbers of values", "a Go function returns always as many");
  }
  std::vector<GoValue> values;
  std::string left;
  bool wanted = false;
  for (std::size_t i = 0; i < as.size(); ++i) {
    const GoTypes::Id type = knowledge_.types.at(p.place.pointer + "#result" + std::to_string(i));
    values.push_back({"", type, 6, false, false, 0});
    if (as.size() > 1) values.back().text = unique("value");
    left += (i == 0 ? "" : ", ") + values.back().text;
    const Visible* known = variable(as[i].text);
    wanted |= known != nullptr ? !unused(known->key)
                               : scenario_.resource(as[i].text.substr(0, as[i].text.find('['))) != nullptr ||
                                     !unused(as[i].pointer + "=" + as[i].text);
  }
  if (as.size() == 1 && wanted) {
    values[0].text = call;
    store(op, as, values);
  } else if (wanted) {
    line(left + " := " + call);
    store(op, as, values);
  } else {
    line(call);
    for (std::size_t i = 0; i < as.size(); ++i)
      if (find(as[i].text).kind == Symbol::Kind::unknown) (void)declare(as[i], values[i].type);
  }
}

void GoTranslator::op_go(const Node& op) {
  const Program& p = callee(op, "go");
  const std::string spawned = "spawn(" + quoted(p.name) + ")";
  if (op.find("after") != nullptr) {
    std::string after;
    {
      const At at(*this, "after");
      after = duration(*op.find("after"));
    }
    const std::string args = arguments(op, p, true);
    const std::string call =
        "time.AfterFunc(" + after + ", func() { " + function(p.name) + "(" + spawned + args + ") })";
    const std::vector<Stored> as = names(op, "as");
    if (as.empty()) return line(call);
    const GoTypes::Id type = knowledge_.types.make(pointer_ + "#timer", GoTypes::Kind::timer);
    return store(op, as, {{call, type, 6, false, false, 0}});
  }
  if (op.find("count") != nullptr) {
    const GoValue n = value(op, "count");
    const std::string limit = count_of(op, "count");
    const std::size_t mark = visible_.size();
    // The place makes the variable `index`, which only arguments see.
    const std::string key = pointer_ + "#index";
    GoVariable& index = knowledge_.variables[key];
    if (index.name.empty()) {
      index.name = "index";
      ++knowledge_.facts;
    }
    const std::string most = local("n");
    open(n.constant ? "for index := int64(0); index < " + limit + "; index++ {"
                    : "for index, " + most + " := int64(0), " + limit + "; index < " + most + "; index++ {");
    visible_.push_back({"index", key, ""});
    line("go " + function(p.name) + "(" + spawned + arguments(op, p, false) + ")");
    visible_.resize(mark);
    return close();
  }
  const std::vector<Stored> as = names(op, "as");
  if (as.empty()) return line("go " + function(p.name) + "(" + spawned + arguments(op, p, false) + ")");
  const std::string child = unique("child");
  line(child + " := " + spawned);
  line("go " + function(p.name) + "(" + child + arguments(op, p, false) + ")");
  store(op, as, {{child + ".id", 0, 6, false, false, 0}});
}

// --- loops

void GoTranslator::op_loop(const Node& op) {
  const std::string key = pointer_;
  const bool labelled = knowledge_.labelled.count(key) != 0;
  std::string head;
  std::string inside;
  bool fresh = false;
  if (op.find("times") != nullptr) {
    const GoValue n = value(op, "times");
    const std::string limit = n.constant ? std::to_string(n.value) : "count(" + integer(*op.find("times"), n) + ")";
    std::string counter = "pass";
    const std::vector<Stored> as = names(op, "as");
    if (!as.empty()) {
      fresh = find(as[0].text).kind == Symbol::Kind::unknown;
      if (fresh) {
        const std::string name = declare(as[0], 0, key);
        const GoVariable& v = knowledge_.variables[visible_.back().key];
        if (v.used_outside || v.assigned_again) {
          if (v.reads > 0) {
            line("var " + name + " int64");
            inside = name + " = pass";
          }
        } else if (v.reads > 0) {
          counter = name;
        }
      } else {
        inside = store_text(as[0], "pass", 0);
      }
    }
    head = n.constant ? "for " + counter + " := int64(0); " + counter + " < " + limit + "; " + counter + "++ {"
                      : "for " + counter + ", passes := int64(0), " + limit + "; " + counter + " < passes; " + counter +
                            "++ {";
  } else if (op.find("while") != nullptr) {
    head = "for " + condition(*op.find("while"), value(op, "while")) + " {";
  } else {
    head = "for {";
  }
  if (word(op, "preempt") == "never")
    refuse(op, "a loop that nothing interrupts", "a signal interrupts every loop of a Go program");
  if (labelled) {
    --indent_;
    line(loop_label(key) + ":");
    ++indent_;
  }
  open(head);
  if (!inside.empty()) line(inside);
  frames_.push_back({Frame::Kind::loop, word(op, "label"), key, ""});
  open_loops_.push_back(key);
  block(op, "do");
  open_loops_.pop_back();
  frames_.pop_back();
  close();
}

void GoTranslator::op_range(const Node& op) {
  const std::string key = pointer_;
  GoValue c = value(op, "range");
  GoTypes& types = knowledge_.types;
  if (c.constant) (void)message_of(op, c.type, 1, true);
  const GoTypes::Kind kind = types.kind(c.type);
  const bool timer = kind == GoTypes::Kind::timer || kind == GoTypes::Kind::ticker;
  demand(op, "range", c, kReceivedFrom);
  const std::string channel = channel_text(op, c);
  const std::string message = local("message");
  const std::vector<Stored> as = names(op, "as");
  std::vector<GoValue> values;
  if (!as.empty() && !timer) {
    (void)message_of(op, c.type, as.size());
    for (std::size_t i = 0; i < as.size(); ++i)
      values.push_back({message + (as.size() == 1 ? std::string() : ".v" + std::to_string(i)), element_of(c.type, i), 6,
                        false, false, 0});
  } else if (!as.empty()) {
    import("time");
    values.push_back({"int64(" + message + ".Sub(begin))", 0, 6, false, false, 0});
  }
  std::string name;
  std::vector<std::string> before;
  bool inside = false;
  std::vector<bool> fresh;
  for (std::size_t i = 0; i < as.size() && i < values.size(); ++i) {
    fresh.push_back(as[i].text.find('[') == std::string::npos && find(as[i].text).kind == Symbol::Kind::unknown);
    if (!fresh.back()) {
      inside = true;
      continue;
    }
    const std::string made = declare(as[i], values[i].type, key);
    const GoVariable& v = knowledge_.variables[visible_.back().key];
    if (v.reads == 0) continue;
    inside = true;
    if (as.size() == 1 && !timer && !v.used_outside) {
      name = made;
    } else {
      line("var " + made + " " + types.text(v.type));
    }
  }
  if (knowledge_.labelled.count(key) != 0) {
    --indent_;
    line(loop_label(key) + ":");
    ++indent_;
  }
  open(!name.empty() ? "for " + name + " := range " + channel + " {"
       : inside      ? "for " + message + " := range " + channel + " {"
                     : "for range " + channel + " {");
  frames_.push_back({Frame::Kind::loop, word(op, "label"), key, ""});
  open_loops_.push_back(key);
  if (name.empty() && inside) {
    for (std::size_t i = 0; i < as.size() && i < values.size(); ++i) {
      if (!fresh[i]) {
        line(store_text(as[i], values[i].text, values[i].type));
        continue;
      }
      const GoVariable& v = knowledge_.variables[as[i].pointer + "=" + as[i].text];
      if (v.reads > 0) line(v.name + " = " + values[i].text);
    }
  }
  block(op, "do");
  open_loops_.pop_back();
  frames_.pop_back();
  close();
}

// --- branches

void GoTranslator::op_if(const Node& op) {
  open("if " + condition(*op.find("if"), value(op, "if")) + " {");
  block(op, "then");
  if (op.find("else") != nullptr) {
    --indent_;
    open("} else {");
    block(op, "else");
  }
  close();
}

void GoTranslator::op_choose(const Node& op) {
  need("random");
  const Node& list = *op.find("choose");
  const At at(*this, "choose");
  std::string weights;
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const At item(*this, n);
    std::string weight = "1";
    if (const Node* w = list.items[n].find("weight")) {
      const At key(*this, "weight");
      const GoValue v = value_of(*w);
      weight = integer(*w, v);
    }
    weights += ", " + weight;
  }
  open("switch g.choose(" + new_site() + weights + ") {");
  frames_.push_back({Frame::Kind::alternative, "", pointer_, ""});
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const At item(*this, n);
    --indent_;
    open("case " + std::to_string(n) + ":");
    block(list.items[n], "do");
  }
  frames_.pop_back();
  close();
}

void GoTranslator::op_select(const Node& op) {
  const Node& list = *op.find("select");
  const std::string op_key = pointer_;
  const At at(*this, "select");
  if (list.items.empty()) return line("select {}");
  // A deadline is evaluated with the other operands, before the choice.
  struct Case {
    const Node* node;
    std::size_t at;
    std::string head;
    GoValue channel;
    GoTypes::Id message = 0;
  };
  std::vector<Case> cases;
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const Node& node = list.items[n];
    const At item(*this, n);
    Case c{&node, n, "", {}, 0};
    if (node.find("recv") != nullptr) {
      c.channel = value(node, "recv");
      const std::size_t arity = names(node, "as").size();
      if (arity > 0 || c.channel.constant)
        c.message = message_of(node, c.channel.type, std::max<std::size_t>(arity, 1), c.channel.constant);
      demand(node, "recv", c.channel, kReceivedFrom);
      c.head = channel_text(node, c.channel);
    } else if (node.find("send") != nullptr) {
      c.channel = value(node, "send");
      const std::string channel = channel_text(node, c.channel);
      c.head = channel + " <- " + message(node, tuple(node, "value"), c.channel.type);
      demand(node, "send", c.channel, {GoTypes::Kind::chan});
    } else if (const Node* after = node.find("after")) {
      const At key(*this, "after");
      c.head = "time.After(" + go_alone(duration(*after)) + ")";
    }
    cases.push_back(std::move(c));
  }
  if (knowledge_.labelled.count(op_key) != 0) {
    --indent_;
    line(loop_label(op_key) + ":");
    ++indent_;
  }
  (void)site_name();  // the model draws here; Go draws by itself
  open("select {");
  frames_.push_back({Frame::Kind::select, word(op, "label"), op_key, ""});
  GoTypes& types = knowledge_.types;
  for (const Case& c : cases) {
    const At item(*this, c.at);
    const std::size_t mark = visible_.size();
    --indent_;
    if (c.node->find("default") != nullptr) {
      open("default:");
    } else if (c.node->find("send") != nullptr) {
      open("case " + c.head + ":");
    } else if (c.node->find("after") != nullptr) {
      open("case <-" + c.head + ":");
    } else {
      const std::vector<Stored> as = names(*c.node, "as");
      const std::vector<Stored> ok = names(*c.node, "ok");
      const std::string text = text_;
      // The head depends on whether the names are read, which storing tells.
      text_.clear();
      ++indent_;
      const GoTypes::Kind kind = types.kind(c.channel.type);
      const bool timer = kind == GoTypes::Kind::timer || kind == GoTypes::Kind::ticker;
      std::vector<GoValue> values;
      const std::string message = unique("message");
      const std::string open_name = unique("open");
      for (std::size_t i = 0; i < as.size(); ++i)
        values.push_back(timer ? GoValue{"int64(" + message + ".Sub(begin))", 0, 6, false, false, 0}
                               : GoValue{message + (as.size() == 1 ? "" : ".v" + std::to_string(i)),
                                         element_of(c.channel.type, i), 6, false, false, 0});
      if (timer && !as.empty()) import("time");
      for (std::size_t i = 0; i < as.size(); ++i) store(*c.node, {as[i]}, {values[i]});
      if (!ok.empty()) store(*c.node, ok, {{open_name, 0, 6, true, false, 0}});
      --indent_;
      const std::string stores = text_;
      text_ = text;
      const bool reads = stores.find(message) != std::string::npos;
      const bool asks = stores.find(open_name) != std::string::npos;
      open(asks    ? "case " + std::string(reads ? message : "_") + ", " + open_name + " := <-" + c.head + ":"
           : reads ? "case " + message + " := <-" + c.head + ":"
                   : "case <-" + c.head + ":");
      text_ += stores;
    }
    block(*c.node, "do");
    visible_.resize(mark);
  }
  frames_.pop_back();
  close();
}

// --- ways out

/// Leaves frames down to `target`, which stays (a loop or select that is left or goes on); for a return all of them.
void GoTranslator::leave(const Node& op, int way, std::size_t target, const std::vector<GoValue>& values) {
  bool crossed = false;  // a Go statement that takes an unlabelled break or continue for itself
  for (std::size_t i = frames_.size(); i-- > target;) {
    const Frame& f = frames_[i];
    if (f.kind == Frame::Kind::span) line("g.span(" + label_text(f.text) + ")");
    if (way != kReturn && i == target) break;
    if (f.kind == Frame::Kind::closure) {
      const int code = way == kReturn ? kReturn + 1 : way + 1 + 3 * (static_cast<int>(target) + 1);
      std::vector<int>& exits = knowledge_.exits[f.key];
      if (std::find(exits.begin(), exits.end(), code) == exits.end()) {
        exits.push_back(code);
        ++knowledge_.facts;
      }
      if (!values.empty()) learn(knowledge_.crossing.insert(program_->name).second);
      for (std::size_t v = 0; v < values.size(); ++v)
        line("result" + std::to_string(v) + " = " +
             (values[v].condition ? "truth(" + values[v].text + ")" : values[v].text));
      line(f.text + " = " + std::to_string(code));
      return line("return");
    }
    crossed |= f.kind == Frame::Kind::alternative || (way == kBreak && f.kind == Frame::Kind::select) ||
               f.kind == Frame::Kind::loop;
  }
  if (way == kReturn) {
    std::string text;
    const auto found = knowledge_.results.find(program_->name);
    const std::size_t wanted = deferred_ || found == knowledge_.results.end() ? 0 : found->second;
    for (std::size_t i = 0; i < wanted; ++i) {
      const GoTypes::Id type = knowledge_.types.at(program_->place.pointer + "#result" + std::to_string(i));
      std::string v = knowledge_.types.is_reference(type) ? "nil" : "0";
      if (i < values.size()) {
        same(op, values[i].condition ? 0 : values[i].type, type, "what \"" + program_->name + "\" returns");
        if (!values[i].constant || values[i].value != 0)
          v = values[i].condition ? "truth(" + values[i].text + ")" : values[i].text;
      }
      text += (i == 0 ? " " : ", ") + v;
    }
    return line("return" + text);
  }
  const Frame& f = frames_[target];
  const char* const verb = way == kBreak ? "break" : "continue";
  if (!crossed) return line(verb);
  learn(knowledge_.labelled.insert(f.key).second);
  line(std::string(verb) + " " + loop_label(f.key));
}

void GoTranslator::op_jump(const Node& op, bool next) {
  const std::string wanted = word(op, "label");
  std::size_t target = frames_.size();
  while (target-- > 0) {
    const Frame& f = frames_[target];
    const bool fits = f.kind == Frame::Kind::loop || (f.kind == Frame::Kind::select && !next);
    if (fits && (wanted.empty() || f.label == wanted)) break;
  }
  leave(op, next ? kContinue : kBreak, target, {});
}

void GoTranslator::op_return(const Node& op) {
  const Node& what = *op.find("return");
  std::vector<GoValue> values;
  if (!what.is(Node::Type::boolean) || !what.boolean) values = tuple(op, "return");
  if (deferred_) values.clear();
  const auto found = knowledge_.results.find(program_->name);
  const std::size_t wanted = found == knowledge_.results.end() ? 0 : found->second;
  if (!values.empty() && wanted > 0 && values.size() != wanted)
    refuse(op, "a return of another number of values", "a Go function returns always as many");
  if (values.size() > wanted) values.resize(wanted);
  for (std::size_t i = 0; i < values.size(); ++i)
    same(op, values[i].condition ? 0 : values[i].type,
         knowledge_.types.at(program_->place.pointer + "#result" + std::to_string(i)), "what is returned");
  leave(op, kReturn, 0, values);
}

std::string GoTranslator::open_closure(const Node& op) {
  (void)op;
  const std::string key = pointer_ + "#closure";
  const std::string exit = unique("exit");
  if (!knowledge_.exits[key].empty()) line(exit + " := 0");
  frames_.push_back({Frame::Kind::closure, "", key, exit});
  return exit;
}

/// Behind the literal: the ways out that crossed it go on from here.
void GoTranslator::close_closure(const Node& op, const Frame& frame) {
  const std::vector<int> exits = knowledge_.exits[frame.key];
  for (const int code : exits) {
    open("if " + frame.text + " == " + std::to_string(code) + " {");
    const int way = (code - 1) % 3;
    std::vector<GoValue> values;
    const auto found = knowledge_.results.find(program_->name);
    if (way == kReturn && found != knowledge_.results.end() && !deferred_) {
      for (std::size_t i = 0; i < found->second; ++i)
        values.push_back({"result" + std::to_string(i),
                          knowledge_.types.at(program_->place.pointer + "#result" + std::to_string(i)), 6, false, false,
                          0});
    }
    leave(op, way, way == kReturn ? 0 : static_cast<std::size_t>((code - 1) / 3 - 1), values);
    close();
  }
}

void GoTranslator::op_try(const Node& op) {
  need("panics");
  const std::vector<Stored> as = names(op, "as");
  const std::vector<Stored> ok = names(op, "ok");
  (void)open_closure(op);
  const std::string carried = unique("carried");
  const std::string panicked = unique("panicked");
  const std::string text = text_;
  text_.clear();
  ++indent_;
  block(op, "try");
  --indent_;
  const std::string body = text_;
  text_.clear();
  const Frame frame = frames_.back();
  frames_.pop_back();
  // The names are made behind the block.
  close_closure(op, frame);
  const bool has_catch = op.find("catch") != nullptr;
  if (!ok.empty()) store(op, ok, {{"!" + panicked, 0, 5, true, false, 0}});
  if (!as.empty()) {
    GoValue held{"", knowledge_.types.at("#panic"), 6, false, false, 0};
    held.text = "valueOf[" + knowledge_.types.text(held.type) + "](" + carried + ")";
    if (find(as[0].text).kind == Symbol::Kind::unknown) {
      store(op, as, {held});
    } else {
      open("if " + panicked + " {");
      store(op, as, {held});
      close();
    }
  }
  if (has_catch) {
    open("if " + panicked + " {");
    block(op, "catch");
    close();
  }
  const std::string rest = text_;
  text_ = text;
  const bool asks_value = rest.find(carried) != std::string::npos;
  const bool asks_panic = rest.find(panicked) != std::string::npos;
  const std::string left = asks_value   ? carried + ", " + (asks_panic ? panicked : "_") + " := "
                           : asks_panic ? "_, " + panicked + " := "
                                        : "";
  open(left + "attempt(func() {");
  text_ += body;
  close("})");
  text_ += rest;
}

void GoTranslator::op_once(const Node& op) {
  const GoValue o = reference(op, "once", GoTypes::Kind::once);
  (void)open_closure(op);
  open(o.text + ".Do(func() {");
  block(op, "do");
  const Frame frame = frames_.back();
  frames_.pop_back();
  close("})");
  close_closure(op, frame);
}

void GoTranslator::op_defer(const Node& op) {
  if (std::any_of(frames_.begin(), frames_.end(), [](const Frame& f) { return f.kind == Frame::Kind::closure; }))
    refuse(op, "a defer inside a once", "in Go it would belong to the function that Do calls");
  std::string parameters, given;
  const std::size_t mark = visible_.size();
  if (const Node* const args = op.find("args")) {
    const At at(*this, "args");
    std::vector<GoValue> values;
    for (const Node::Member& m : args->members) {
      const At member(*this, m.key);
      values.push_back(value_of(m.value));
    }
    for (std::size_t i = 0; i < args->members.size(); ++i) {
      const Node::Member& m = args->members[i];
      const Stored s{&m.value, m.key, pointer_to(pointer_, m.key)};
      const std::string name = declare(s, values[i].condition ? 0 : values[i].type);
      const GoTypes::Id type = knowledge_.variables[visible_.back().key].type;
      const std::string text = values[i].condition ? "truth(" + values[i].text + ")"
                               : values[i].constant && values[i].value == 0
                                   ? std::string(knowledge_.types.is_reference(type) ? "nil" : "0")
                                   : values[i].text;
      parameters += (i == 0 ? "" : ", ") + name + " " + knowledge_.types.text(type);
      given += (i == 0 ? "" : ", ") + text;
    }
  }
  open("defer func(" + parameters + ") {");
  std::vector<Frame> frames;
  frames.swap(frames_);
  std::vector<std::string> loops;
  loops.swap(open_loops_);
  deferred_ = true;
  block(op, "defer");
  deferred_ = false;
  frames_.swap(frames);
  open_loops_.swap(loops);
  close("}(" + given + ")");
  visible_.resize(mark);
}

}  // namespace gmpsim
