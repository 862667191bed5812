// select: the first of several channel operations that can happen. All channels and values are evaluated in list order
// before it chooses; one ready case wins at random, as the preset draws.
#include <algorithm>

#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

// time.After of one case: a timer of its own, armed before the choice is made.
const Instr* exec_after(Run& r, const Instr* i) {
  std::int64_t d = 0;
  if (!r.integer(i->a, i, d) || !r.in.memory_left()) return nullptr;
  Timer* const t = r.in.take_after_timer();
  r.slots()[i->to.index] = Value::reference(ValueKind::timer, t);
  return r.after(r.world.timer_start(r.g, *t, d, 0), i + 1);
}

// What it costs depends on the number of cases.
const Instr* exec_select_pay(Run& r, const Instr* i) {
  const std::int64_t n = i->count;
  const Duration cost =
      n <= 1 ? r.world.cost(Cost::chan) : r.world.cost(Cost::select) + n * r.world.cost(Cost::select_case);
  return r.world.spend(r.g, cost, Preemptible::never) ? i + 1 : r.wait(i + 1);
}

// One case alone is the plain operation, with its wait reason.
bool is_plain(const SelectTable& t) { return t.cases.size() == 1 && t.otherwise == kNone; }

World::Selected finish(Run& r, const SelectTable& t) {
  if (!is_plain(t)) return r.world.select_finish(r.g);
  if (t.cases.front().kind == SelectBranch::Kind::send) return {0, {}, true, r.world.chan_send_finish(r.g)};
  const World::Received got = r.world.chan_recv_finish(r.g);
  return {0, got.value, got.ok, nullptr};
}

const Instr* exec_select(Run& r, const Instr* i) {
  const SelectTable& table = r.in.code->selects[i->extra];
  auto& cases = r.in.select_cases;
  cases.clear();
  for (const SelectBranch& b : table.cases) {
    World::SelectCase c;
    Value v;
    if (!r.value(b.channel, v)) return nullptr;
    if (!channel(r, v, i, c.c)) return nullptr;
    if (b.kind == SelectBranch::Kind::send) {
      c.send = true;
      if (v.kind == ValueKind::timer) return r.fail(i, "nothing can be sent on a timer");
      if (v.kind == ValueKind::context) return r.fail(i, "nothing can be sent on a context");
      Value sent;
      if (!r.tuple(b.values, b.tuple, sent)) return nullptr;
      if (b.kept.present()) r.slots()[b.kept.index] = sent;
      c.value = payload_of(sent);
    }
    cases.push_back(c);
  }
  if (is_plain(table)) {
    const World::SelectCase& only = cases.front();
    return r.after(only.send ? r.world.chan_send(r.g, only.c, only.value) : r.world.chan_recv(r.g, only.c), i + 1);
  }
  Site site = r.site(i->b.index);
  const Step step = r.world.select(r.g, cases.data(), cases.size(), table.otherwise != kNone, site);
  r.draws(i->b.index) = static_cast<std::uint32_t>(site.count);
  return r.after(step, i + 1);
}

const Instr* exec_selected(Run& r, const Instr* i) {
  const SelectTable& table = r.in.code->selects[i->extra];
  const World::Selected got = finish(r, table);
  // What the cases that lost had made for themselves.
  for (std::size_t n = 0; n < table.cases.size(); ++n) {
    const SelectBranch& b = table.cases[n];
    if (b.kept.present()) {
      if (static_cast<std::int64_t>(n) != got.index) r.discard(r.slots()[b.kept.index]);
      r.slots()[b.kept.index] = {};
    } else if (b.kind == SelectBranch::Kind::after) {
      r.in.retire_after_timer(*r.slots()[b.channel.index].object<Timer>());
      r.slots()[b.channel.index] = {};
    }
  }
  if (got.panic != nullptr) return r.panic(i, got.panic);
  const Instr* const code = r.in.code->code.data();
  if (got.index < 0) return code + table.otherwise;
  const SelectBranch& b = table.cases[static_cast<std::size_t>(got.index)];
  if (b.kind == SelectBranch::Kind::recv) {
    if (!r.store_all(i, b.names, b.tuple, value_of(got.value), !got.ok)) return nullptr;
    if (!r.store(b.ok, Value{static_cast<std::int64_t>(got.ok)})) return nullptr;
  }
  return code + b.body;
}

const OpPart kRecv{.key = "recv",
                   .form = OpForm::reference,
                   .doc = "receive from a channel, timer or ticker",
                   .kinds = {ValueKind::chan, ValueKind::timer, ValueKind::context},
                   .wakes = wakes(WaitReason::chan_send)};
const OpPart kSend{.key = "send",
                   .form = OpForm::reference,
                   .doc = "send on a channel",
                   .kinds = {ValueKind::chan},
                   .wakes = wakes(WaitReason::chan_receive)};
const OpPart kAfter{.key = "after", .form = OpForm::time, .doc = "when so much time has passed: time.After"};
const OpPart kDefault{.key = "default", .form = OpForm::flag, .doc = "when no other case is ready"};
const OpPart kSelectDo{.key = "do", .form = OpForm::block, .doc = "operations of this case"};
const OpPart kAs{.key = "as", .form = OpForm::names, .doc = "becomes what was received"};
const OpPart kOk{.key = "ok", .form = OpForm::name, .doc = "becomes 0 when the channel is closed and drained, else 1"};
const OpPart kValue{.key = "value", .form = OpForm::values, .doc = "what is sent; 0 when absent"};

// Operands of all cases come first: they are evaluated before the choice and see none of the cases' names.
void read_operands(OpCompiler& c, const Node& node, SelectTable& table, std::vector<const Node*>& branches,
                   const Node*& otherwise) {
  SelectBranch b;
  std::vector<const OpPart*> parts;
  if (const Node* recv = node.find("recv")) {
    const OpCompiler::At at(c, "recv");
    b.channel = c.value_at(*recv, kRecv);
    parts = {&kRecv, &kAs, &kOk, &kSelectDo};
  } else if (const Node* send = node.find("send")) {
    b.kind = SelectBranch::Kind::send;
    {
      const OpCompiler::At at(c, "send");
      b.channel = c.value_at(*send, kSend);
    }
    if (const Node* value = node.find("value")) {
      const OpCompiler::At at(c, "value");
      b.values = c.values_at(*value, b.tuple);
      if (b.tuple) b.kept = c.hidden();
    }
    parts = {&kSend, &kValue, &kSelectDo};
  } else if (const Node* after = node.find("after")) {
    const OpCompiler::At at(c, "after");
    b.kind = SelectBranch::Kind::after;
    Instr arm = c.action(exec_after, Cost::timer_set);
    arm.a = c.value_at(*after, kAfter);
    arm.to = c.hidden();
    b.channel = OpCompiler::read(arm.to);
    c.emit(arm);
    parts = {&kAfter, &kSelectDo};
  } else if (node.find("default") != nullptr) {
    if (otherwise != nullptr) c.problem(node, "E0503", "a select has one default");
    otherwise = &node;
    c.check_keys(node, {&kDefault, &kSelectDo}, "a default");
    return;
  } else {
    c.problem(node, "E0502", "a case of a select needs one of recv, send, after, default");
    return;
  }
  c.check_keys(node, parts, "a case of a select");
  table.cases.push_back(b);
  branches.push_back(&node);
}

void compile_select(OpCompiler& c) {
  const Node& list = *c.op().find("select");
  const OpCompiler::At at(c, "select");
  if (!list.is(Node::Type::array)) {
    c.problem(list, "E0506", "the cases of a select are a list", "write [ {\"recv\": …, \"do\": […]}, … ]");
    return;
  }
  if (list.items.size() >= 65'536) {
    c.problem(list, "E0506", "a select has at most 65535 cases");
    return;
  }
  SelectTable table;
  std::vector<const Node*> branches;
  std::vector<std::size_t> positions;
  const Node* otherwise = nullptr;
  std::size_t other_position = 0;
  for (std::size_t n = 0; n < list.items.size(); ++n) {
    const OpCompiler::At item(c, n);
    if (!list.items[n].is(Node::Type::object)) {
      c.problem(list.items[n], "E0502", "a case of a select is an object");
      continue;
    }
    const std::size_t before = branches.size();
    const Node* const other = otherwise;
    read_operands(c, list.items[n], table, branches, otherwise);
    if (branches.size() > before) positions.push_back(n);
    if (other != otherwise) other_position = n;
  }
  Instr pay = c.instr(exec_select_pay);
  if (!c.inlined()) pay.flags = Instr::kSafePoint;
  pay.count = static_cast<std::uint16_t>(table.cases.size());
  c.emit(pay);
  Instr choose = c.instr(exec_select);
  choose.b = {Operand::Mode::none, c.new_site(), 0};
  choose.extra = c.add_select(table);
  c.emit(choose);
  Instr selected = c.instr(exec_selected);
  selected.extra = choose.extra;
  c.emit(selected);

  c.enter({.kind = Enclosing::Kind::select, .label = c.literal("label")});
  std::vector<CodeIndex> ends;
  const auto body = [&](const Node& node, std::size_t position) {
    const OpCompiler::At item(c, position);
    if (const Node* block = node.find("do")) {
      const OpCompiler::At do_at(c, "do");
      c.block_at(*block);
    }
    ends.push_back(c.emit_jump());
  };
  for (std::size_t n = 0; n < branches.size(); ++n) {
    SelectBranch b = table.cases[n];
    b.body = c.here();
    c.open_scope();
    {
      const OpCompiler::At item(c, positions[n]);
      if (const Node* as = branches[n]->find("as"); as != nullptr && b.kind == SelectBranch::Kind::recv) {
        const OpCompiler::At key(c, "as");
        b.names = c.names_at(*as, b.tuple);
      }
      if (const Node* ok = branches[n]->find("ok"); ok != nullptr && b.kind == SelectBranch::Kind::recv) {
        const OpCompiler::At key(c, "ok");
        b.ok = c.name_at(*ok);
      }
    }
    c.select_table(choose.extra).cases[n] = b;
    body(*branches[n], positions[n]);
    c.close_scope();
  }
  if (otherwise != nullptr) {
    c.select_table(choose.extra).otherwise = c.here();
    body(*otherwise, other_position);
  }
  const Enclosing select = c.leave();
  for (const CodeIndex e : ends) c.jump_to(e, c.here());
  for (const CodeIndex b : select.breaks) c.jump_to(b, c.here());
}

}  // namespace

void register_ops_select(Registry_ops& r) {
  r.add(
      {.verb = {.key = "select",
                .form = OpForm::own,
                .doc = "one of several channel operations",
                .schema =
                    R"({"type":"array","items":{"type":"object",)"
                    R"("properties":{"recv":{"$ref":"#/definitions/expression"},)"
                    R"("send":{"$ref":"#/definitions/expression"},"after":{"$ref":"#/definitions/time"},)"
                    R"("default":{"const":true},"value":{"anyOf":[{"$ref":"#/definitions/expression"},{"type":"array",)"
                    R"("items":{"$ref":"#/definitions/expression"}}]},)"
                    R"("as":{"anyOf":[{"$ref":"#/definitions/name"},{"type":"array",)"
                    R"("items":{"$ref":"#/definitions/name"}}]},"ok":{"$ref":"#/definitions/name"},)"
                    R"("do":{"$ref":"#/definitions/ops"},"note":{"type":"string"}},"patternProperties":{"^x-":{}},)"
                    R"("additionalProperties":false,)"
                    R"("oneOf":[{"required":["recv"]},{"required":["send"]},)"
                    R"({"required":["after"]},{"required":["default"]}]}})"},
       .group = "channels",
       .parts = {{.key = "label", .form = OpForm::label, .doc = "a name for break"}},
       .compile = compile_select});
}

}  // namespace gmpsim
