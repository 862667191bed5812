// Operations that are one Go statement, more or less, in an exported program (see export_go.hpp).

#include "tools/go_export/translator.hpp"

namespace gmpsim {
namespace {

bool is_named(const Node& op, std::string_view key, std::string_view text) {
  const Node* const node = op.find(key);
  return node != nullptr && node->is(Node::Type::string) && node->text == text;
}

}  // namespace

void GoTranslator::one(const Node& op) {
  const OpSpec* spec = nullptr;
  for (const Node::Member& m : op.members) {
    const OpSpec* const found = all_ops().find(m.key);
    if (found == nullptr || (spec != nullptr && spec->part(m.key) != nullptr)) continue;
    spec = found;
  }
  if (spec == nullptr) return;
  op_ = &op;
  const std::string& verb = spec->verb.key;
  if (op_simple(op, verb)) return;
  if (verb == "go") return op_go(op);
  if (verb == "call") return op_call(op);
  if (verb == "let") return op_let(op);
  if (verb == "set") return op_set(op);
  if (verb == "loop") return op_loop(op);
  if (verb == "range") return op_range(op);
  if (verb == "select") return op_select(op);
  if (verb == "choose") return op_choose(op);
  if (verb == "if") return op_if(op);
  if (verb == "try") return op_try(op);
  if (verb == "once") return op_once(op);
  if (verb == "defer") return op_defer(op);
  if (verb == "return") return op_return(op);
  if (verb == "break") return op_jump(op, false);
  if (verb == "continue") return op_jump(op, true);
  if (verb == "log") return op_log(op);
  if (verb == "send") return op_send(op);
  if (verb == "recv") return op_recv(op);
  if (verb == "stop") return op_timer(op, false);
  if (verb == "reset") return op_timer(op, true);
  if (verb == "context") return op_context(op);
  if (verb == "get") return op_pool(op, true);
  if (verb == "put") return op_pool(op, false);
  if (verb == "run") return op_run(op, false);
  if (verb == "spin") return op_run(op, true);
  if (verb == "cgo") return refuse(op, "a C call", "an exported program needs no C compiler and no library");
  if (verb == "io") return refuse(op, "input and output", "who answers, and when, is not part of a Go program");
  if (verb == "stop_world") return refuse(op, "a stopped world", "no Go program can say for how long its world stops");
  refuse(op, "\"" + verb + "\"", "there is no Go for it yet");
}

/// Verbs that need no more than their operand.
bool GoTranslator::op_simple(const Node& op, const std::string& verb) {
  using Kind = GoTypes::Kind;
  // A mutex or a rwmutex: whoever declares it says which.
  const auto lock = [&] { return one_of(op, verb, {Kind::mutex, Kind::rwmutex}).text; };
  const auto call = [&](const char* method) { line(lock() + "." + method + "()"); };
  const auto of_kind = [&](Kind kind, const char* method) { line(reference(op, verb, kind).text + "." + method); };
  const auto tried = [&](const std::string& text) {
    const std::vector<Stored> as = names(op, "as");
    if (as.empty()) {
      line(text);
    } else {
      store(op, as, {{text, 0, 6, true, false, 0}});
    }
  };
  if (verb == "lock") return call("Lock"), true;
  if (verb == "unlock") return call("Unlock"), true;
  if (verb == "rlock") return of_kind(Kind::rwmutex, "RLock()"), true;
  if (verb == "runlock") return of_kind(Kind::rwmutex, "RUnlock()"), true;
  if (verb == "trylock") return tried(lock() + ".TryLock()"), true;
  if (verb == "tryrlock") return tried(reference(op, verb, Kind::rwmutex).text + ".TryRLock()"), true;
  if (verb == "wait") return of_kind(Kind::cond, "Wait()"), true;
  if (verb == "signal") return of_kind(Kind::cond, "Signal()"), true;
  if (verb == "broadcast") return of_kind(Kind::cond, "Broadcast()"), true;
  if (verb == "wg_wait") return of_kind(Kind::wait_group, "Wait()"), true;
  if (verb == "wg_done") return of_kind(Kind::wait_group, "Done()"), true;
  if (verb == "wg_add") {
    const std::string group = reference(op, verb, Kind::wait_group).text;
    const GoValue n = op.find("n") != nullptr ? value(op, "n") : GoValue{"1", 0, 6, false, true, 1};
    return line(group + ".Add(" + (n.constant ? n.text : "int(" + integer(*op.find("n"), n) + ")") + ")"), true;
  }
  if (verb == "acquire" || verb == "release" || verb == "tryacquire") {
    need("semaphore");
    const std::string semaphore = reference(op, verb, Kind::semaphore).text;
    const std::string n = op.find("n") != nullptr ? count_of(op, "n") : "1";
    if (verb == "tryacquire") return tried(semaphore + ".tryAcquire(" + n + ")"), true;
    return line(semaphore + "." + verb + "(" + n + ")"), true;
  }
  if (verb == "close") {
    return line("close(" + one_of(op, verb, {Kind::chan}).text + ")"), true;
  }
  if (verb == "yield") return import("runtime"), line("runtime.Gosched()"), true;
  if (verb == "sleep" || verb == "syscall") {
    const At at(*this, verb);
    const std::string d = duration(*op.find(verb));
    return line((verb == "sleep" ? "time.Sleep(" : "block(") + go_alone(d) + ")"), true;
  }
  if (verb == "lock_os_thread") return import("runtime"), line("runtime.LockOSThread()"), true;
  if (verb == "unlock_os_thread") return import("runtime"), line("runtime.UnlockOSThread()"), true;
  if (verb == "gc") return import("runtime"), line("runtime.GC()"), true;
  if (verb == "gomaxprocs") {
    import("runtime");
    const std::string n = count_of(op, verb);
    return line("runtime.GOMAXPROCS(" + (n.front() == 'c' ? "int(" + n + ")" : n) + ")"), true;
  }
  if (verb == "profile") return need("profile"), line("profile()"), true;
  if (verb == "alloc") {
    const GoValue size = value(op, verb);
    const GoValue keep = op.find("keep") != nullptr ? value(op, "keep") : GoValue{"0", 0, 6, false, true, 0};
    const Node* const escapes = op.find("escapes");
    if (escapes != nullptr && !escapes->boolean && keep.constant && keep.value == 0 && size.constant &&
        size.value >= 0 && size.value <= 64 * 1024)
      return need("local"), line("local(make([]byte, " + size.text + "))"), true;  // in the frame of this function
    need("allocate");
    return line("g.allocate(" + integer(op, size) + ", " + integer(op, keep) + ")"), true;
  }
  if (verb == "cancel") return need("contexts"), of_kind(Kind::context, "cancel()"), true;
  if (verb == "mark") return line("g.mark(" + label_text(op.find(verb)->text) + ")"), true;
  if (verb == "assert") {
    const Node& what = *op.find(verb);
    const Node* const label = op.find("label");
    const std::string text = label != nullptr ? label->text : what.is(Node::Type::string) ? what.text : to_json(what);
    const std::string holds = condition(what, value(op, verb));
    return line("g.assert(" + holds + ", " + label_text(text) + ")"), true;
  }
  if (verb == "span") {
    frames_.push_back({Frame::Kind::span, "", pointer_, op.find(verb)->text});
    block(op, "do");
    frames_.pop_back();
    return line("g.span(" + label_text(op.find(verb)->text) + ")"), true;
  }
  if (verb == "panic") {
    need("panics");
    GoValue v = op.find("value") != nullptr ? value(op, "value") : GoValue{"0", 0, 6, false, true, 0};
    const GoTypes::Id type = knowledge_.types.at("#panic");
    if (op.find("value") != nullptr) same(op, v.condition ? 0 : v.type, type, "the value of a panic");
    if (v.constant && v.value == 0 && knowledge_.types.is_reference(type))
      return line("panic(failure{" + label_text(op.find(verb)->text) + ", nil})"), true;
    return line("panic(failure{" + label_text(op.find(verb)->text) + ", " + typed(v) + "})"), true;
  }
  if (verb == "exit") {
    const bool process = is_named(op, verb, "process");
    if (process) return line("finish(exited)"), true;
    return line("g.exit()"), true;
  }
  if (verb == "read") {
    const Node& from = *op.find(verb);
    const std::string base = from.text.substr(0, from.text.find('['));
    const At at(*this, verb);
    std::string cell = resources_[base];
    if (base.size() != from.text.size()) {
      const GoValue i = expression(from, from.text.substr(base.size() + 1, from.text.size() - base.size() - 2));
      cell += element_text(from, cell, i);
    }
    const GoTypes::Id type = resource_types_[base];
    const std::string text = knowledge_.types.is_reference(type) ? cell + ".load()" : cell;
    pointer_.resize(pointer_.size() - verb.size() - 1);
    const std::vector<Stored> as = names(op, "as");
    if (as.empty()) {
      line("_ = " + text);
    } else {
      store(op, as, {{text, type, 6, false, false, 0}});
    }
    pointer_ += "/" + verb;
    return true;
  }
  if (verb == "write") {
    const GoValue v = value(op, "value");
    const std::vector<Stored> to = names(op, verb);
    std::string text = store_text(to[0], v.condition ? "truth(" + v.text + ")" : v.text, v.condition ? 0 : v.type);
    const std::string load = "atomic.StoreInt64(&";
    if (text.rfind(load, 0) == 0) {  // plain, so that the race detector sees it
      text = text.substr(load.size(), text.size() - load.size() - 1);
      text.replace(text.rfind(", " + (v.condition ? "truth(" + v.text + ")" : v.text)), 2, " = ");
    }
    return line(text), true;
  }
  return false;
}

void GoTranslator::op_run(const Node& op, bool spin) {
  const char* const verb = spin ? "spin" : "run";
  const Node* const preempt = op.find("preempt");
  if (is_named(op, "preempt", "never"))
    refuse(*preempt, "computing that nothing interrupts", "a signal interrupts every Go program");
  const bool calls = preempt != nullptr ? preempt->text == "any" : !spin;
  if (is_named(op, verb, "forever")) return line("spinForever()");
  const At at(*this, verb);
  const std::string d = duration(*op.find(verb));
  line((calls ? "compute(" : "spin(") + go_alone(d) + ")");
}

void GoTranslator::op_let(const Node& op) {
  const Node& object = *op.find("let");
  std::vector<Stored> to;
  std::vector<GoValue> values;
  const std::string saved = pointer_;
  {
    const At at(*this, "let");
    for (const Node::Member& m : object.members) {
      const At member(*this, m.key);
      values.push_back(value_of(m.value));
      to.push_back({&m.value, m.key, pointer_});
    }
  }
  pointer_ = saved;
  store(op, to, values);
}

void GoTranslator::op_set(const Node& op) {
  need("atomically");
  const Node& object = *op.find("set");
  std::vector<Stored> to;
  std::vector<GoValue> values;
  const At at(*this, "set");
  for (const Node::Member& m : object.members) {
    const At member(*this, m.key);
    values.push_back(value_of(m.value));
    to.push_back({&m.value, m.key, pointer_});
  }
  // Alone and constant: one atomic store.
  if (to.size() == 1 && values[0].constant) return line(store_text(to[0], values[0].text, values[0].type));
  std::vector<std::string> fresh(to.size());
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i].text.find('[') != std::string::npos || find(to[i].text).kind != Symbol::Kind::unknown) continue;
    fresh[i] = declare(to[i], values[i].condition ? 0 : values[i].type);
    const std::string& key = visible_.back().key;
    if (!unused(key))
      line("var " + fresh[i] + " " + knowledge_.types.text(knowledge_.variables[key].type));
    else
      fresh[i] = "_";
  }
  open("atomically(func() {");
  std::vector<std::string> texts;
  for (const GoValue& v : values) texts.push_back(v.condition ? "truth(" + v.text + ")" : v.text);
  if (to.size() > 1) {
    std::string left, right;
    for (std::size_t i = 0; i < to.size(); ++i) {
      if (values[i].constant) continue;
      const std::string name = unique("value");
      left += (left.empty() ? "" : ", ") + name;
      right += (right.empty() ? "" : ", ") + texts[i];
      texts[i] = name;
    }
    if (!left.empty()) line(left + " := " + right);
  }
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (!fresh[i].empty())
      line(fresh[i] + " = " + texts[i]);
    else
      line(store_text(to[i], texts[i], values[i].condition ? 0 : values[i].type));
  }
  close("})");
}

void GoTranslator::op_log(const Node& op) {
  std::string text = "g.log(" + label_text(op.find("log")->text);
  for (const GoValue& v : tuple(op, "value")) {
    if (knowledge_.types.is_reference(v.type)) {
      need("names");
      text += ", nameOf(" + typed(v) + ")";
    } else {
      text += ", " + (v.condition ? "truth(" + v.text + ")" : v.text);
    }
  }
  line(text + ")");
}

// --- channels, timers

std::string GoTranslator::channel_text(const Node& op, const GoValue& c) {
  (void)op;
  switch (knowledge_.types.kind(c.type)) {
    case GoTypes::Kind::timer:
    case GoTypes::Kind::ticker: return import("time"), c.text + ".C";
    case GoTypes::Kind::context: return c.text + ".Done()";
    default: return c.constant ? typed(c) : c.text;
  }
}

void GoTranslator::op_send(const Node& op) {
  const GoValue c = value(op, "send");
  const std::vector<GoValue> values = tuple(op, "value");
  const std::string sent = message(op, values, c.type);
  demand(op, "send", c, {GoTypes::Kind::chan});
  line((c.constant ? typed(c) : c.text) + " <- " + sent);
}

void GoTranslator::op_recv(const Node& op) {
  const GoValue c = value(op, "recv");
  const std::vector<Stored> as = names(op, "as");
  const std::vector<Stored> ok = names(op, "ok");
  const GoTypes::Kind kind = knowledge_.types.kind(c.type);
  if ((!as.empty() && kind == GoTypes::Kind::chan) || kind == GoTypes::Kind::unknown)
    (void)message_of(op, c.type, std::max<std::size_t>(as.size(), 1), c.constant);
  demand(op, "recv", c, kReceivedFrom);
  received(op, channel_text(op, c), c.type, as, ok);
}

void GoTranslator::received(const Node& op, const std::string& from, GoTypes::Id type, const std::vector<Stored>& as,
                            const std::vector<Stored>& ok) {
  GoTypes& types = knowledge_.types;
  const GoTypes::Kind kind = types.kind(type);
  const bool timer = kind == GoTypes::Kind::timer || kind == GoTypes::Kind::ticker;
  if (as.size() == 1 && ok.empty()) {
    const GoTypes::Id element = element_of(type, 0);
    const std::string text = timer ? "int64((<-" + from + ").Sub(begin))" : "<-" + from;
    const bool fresh = as[0].text.find('[') == std::string::npos && find(as[0].text).kind == Symbol::Kind::unknown;
    const Visible* const known = variable(as[0].text);
    const bool reads = fresh ? !unused(as[0].pointer + "=" + as[0].text) : known == nullptr || !unused(known->key);
    if (reads) return store(op, as, {{text, element, 6, false, false, 0}});
    line("<-" + from);
    if (fresh) (void)declare(as[0], element);
    return;
  }
  const std::string message = unique("message");
  const std::string is_open = unique("open");
  const std::string before = text_;
  text_.clear();
  std::vector<GoValue> values;
  for (std::size_t i = 0; i < as.size(); ++i) {
    const GoTypes::Id element = element_of(type, i);
    values.push_back({timer            ? "int64(" + message + ".Sub(begin))"
                      : as.size() == 1 ? message
                                       : message + ".v" + std::to_string(i),
                      element, 6, false, false, 0});
  }
  for (std::size_t i = 0; i < as.size(); ++i) store(op, {as[i]}, {values[i]});
  if (!ok.empty()) store(op, ok, {{is_open, 0, 6, true, false, 0}});
  const std::string stores = text_;
  text_ = before;
  const bool reads = stores.find(message) != std::string::npos;
  const bool asks = stores.find(is_open) != std::string::npos;
  line(asks    ? std::string(reads ? message : "_") + ", " + is_open + " := <-" + from
       : reads ? message + " := <-" + from
               : "<-" + from);
  text_ += stores;
}

void GoTranslator::op_timer(const Node& op, bool reset) {
  const char* const verb = reset ? "reset" : "stop";
  const GoValue t = one_of(op, verb, {GoTypes::Kind::timer, GoTypes::Kind::ticker});
  std::string call = t.text + (reset ? ".Reset(" : ".Stop(");
  if (reset) {
    const At at(*this, "to");
    call += go_alone(duration(*op.find("to")));
  }
  call += ")";
  const std::vector<Stored> as = names(op, "as");
  if (as.empty()) return line(call);
  if (knowledge_.types.kind(t.type) == GoTypes::Kind::ticker)
    refuse(*op.find("as"), "whether a ticker was pending",
           "Ticker." + std::string(reset ? "Reset" : "Stop") + " tells nothing in Go");
  store(op, as, {{call, 0, 6, true, false, 0}});
}

void GoTranslator::op_context(const Node& op) {
  need("contexts");
  const Node& parent_node = *op.find("context");
  GoValue parent = value(op, "context");
  const GoTypes::Id type = knowledge_.types.make(pointer_ + "#context", GoTypes::Kind::context);
  same(parent_node, parent.type, type, "the parent of a context");
  std::string timeout = "-1";
  if (op.find("timeout") != nullptr) {
    const At at(*this, "timeout");
    timeout = duration(*op.find("timeout"));
  }
  const std::string made = "newScope(" + std::string(parent.constant ? "nil" : parent.text) + ", " + timeout + ")";
  const std::vector<Stored> as = names(op, "as");
  if (as.empty()) return line(made);
  store(op, as, {{made, type, 6, false, false, 0}});
}

void GoTranslator::op_pool(const Node& op, bool get) {
  GoTypes& types = knowledge_.types;
  const char* const verb = get ? "get" : "put";
  GoValue pool = value(op, verb);
  const GoTypes::Id wanted = types.make(pointer_ + "#pool", GoTypes::Kind::pool, {types.at(pointer_ + "#pooled")});
  same(*op.find(verb), pool.type, wanted, "\"" + std::string(verb) + "\"");
  if (pool.constant) pool.text = typed(pool);
  if (!get) {
    const std::vector<GoValue> values = tuple(op, "value");
    const GoTypes::Id held = message_of(op, pool.type, std::max<std::size_t>(values.size(), 1), false);
    const std::string text = message(op, values, pool.type);
    return line(pool.text + ".Put(" + (values.size() > 1 ? text : types.message_text(held) + "(" + text + ")") + ")");
  }
  const std::vector<Stored> as = names(op, "as");
  const std::vector<Stored> ok = names(op, "ok");
  const GoTypes::Id held = message_of(op, pool.type, std::max<std::size_t>(as.size(), 1));
  const std::string item = unique("item");
  const std::string there = unique("there");
  const std::string before = text_;
  text_.clear();
  for (std::size_t i = 0; i < as.size(); ++i)
    store(op, {as[i]},
          {{as.size() == 1 ? item : item + ".v" + std::to_string(i), element_of(pool.type, i), 6, false, false, 0}});
  if (!ok.empty()) store(op, ok, {{there, 0, 6, true, false, 0}});
  const std::string stores = text_;
  text_ = before;
  const bool reads = stores.find(item) != std::string::npos, asks = stores.find(there) != std::string::npos;
  const std::string text = pool.text + ".Get().(" + types.message_text(held) + ")";
  line(std::string(reads ? item : "_") + ", " + (asks ? there : "_") + (reads || asks ? " := " : " = ") + text);
  text_ += stores;
}

}  // namespace gmpsim
