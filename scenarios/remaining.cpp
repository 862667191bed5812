#include "scenarios/remaining.hpp"

#include "scenarios/ops/registry.hpp"

namespace gmpsim {
namespace {

const OpSpec* spec_of(const Node& op) {
  const OpSpec* spec = nullptr;
  for (const Node::Member& m : op.members) {
    const OpSpec* const found = all_ops().find(m.key);
    if (found == nullptr || (spec != nullptr && spec->part(m.key) != nullptr)) continue;
    spec = found;
  }
  return spec;
}

bool is_text(const Node* node, std::string_view text) {
  return node != nullptr && node->is(Node::Type::string) && node->text == text;
}

}  // namespace

/// One walk. Each function says whether control may come out behind what it walked through.
struct Remaining::Walk {
  const Remaining& flow;
  Ahead& out;
  std::vector<Loop> around;

  bool block(const Node& list, std::size_t first = 0) {
    for (std::size_t i = first; i < list.items.size(); ++i)
      if (!op(list.items[i])) return false;
    return true;
  }

  bool part(const Node& op, std::string_view key) {
    const Node* const list = op.find(key);
    return list == nullptr || block(*list);
  }

  void program(const Node* name) {
    if (name == nullptr || !name->is(Node::Type::string)) return;
    const auto found = flow.programs_.find(name->text);
    if (found != flow.programs_.end()) out.programs.push_back(found->second);
  }

  bool op(const Node& o) {
    out.ops.push_back(&o);
    const OpSpec* const spec = spec_of(o);
    if (spec == nullptr) return true;
    const std::string& verb = spec->verb.key;
    if (verb == "loop") return loop(o, o.find("forever") != nullptr);
    if (verb == "range") return loop(o, false);
    if (verb == "select" || verb == "choose") return alternatives(o, *o.find(verb), verb == "select");
    if (verb == "if") {
      const bool then = part(o, "then");
      const bool otherwise = part(o, "else");
      return then || otherwise;
    }
    if (verb == "try") {
      const bool good = part(o, "try");
      return part(o, "catch") || good;
    }
    if (verb == "once") return part(o, "do"), true;  // somebody else may have done it
    if (verb == "defer") return block(*o.find("defer")), true;
    if (verb == "go" || verb == "call") return program(o.find(verb)), true;
    if (verb == "return" || verb == "panic") return out.returns = true, false;
    if (verb == "exit") return out.returns |= !is_text(o.find("exit"), "process"), false;
    if (verb == "spin" && is_text(o.find("spin"), "forever")) return false;
    if (verb == "break") return leave(o), false;
    if (verb == "continue") return false;
    bool through = true;
    for (const OpPart& p : spec->parts)
      if (p.form == OpForm::block) through = part(o, p.key) && through;
    return through;
  }

  bool loop(const Node& o, bool forever) {
    around.push_back({&o});
    part(o, "do");
    const bool left = around.back().left;
    around.pop_back();
    return left || !forever;
  }

  bool alternatives(const Node& o, const Node& list, bool breakable) {
    if (breakable) around.push_back({&o});
    bool through = false;
    for (const Node& each : list.items) through |= part(each, "do");
    if (!breakable) return through;
    through |= around.back().left;
    around.pop_back();
    return through;
  }

  void leave(const Node& o) {
    const Node* const label = o.find("label") != nullptr ? o.find("label") : o.find("break");
    const bool named = label != nullptr && label->is(Node::Type::string);
    for (std::size_t i = around.size(); i-- > 0;) {
      if (named && !is_text(around[i].op->find("label"), label->text)) continue;
      around[i].left = true;
      return;
    }
    // Around the place where this walk began: from() walks through what is around it as a whole.
  }
};

Remaining::Remaining(const CompiledScenario& code) : code_(code) {
  const std::vector<Program>& programs = code.scenario->programs;
  for (std::size_t p = 0; p < programs.size(); ++p) programs_.emplace(programs[p].name, static_cast<std::uint32_t>(p));
  whole_.resize(programs.size());
  for (std::size_t p = 0; p < programs.size(); ++p) {
    const Node* const body = programs[p].body.node;
    if (body == nullptr) continue;
    settle(*body, nullptr);
    Ahead& out = whole_[p];
    out.returns = false;
    Walk walk{*this, out, {}};
    out.returns |= walk.block(*body);
  }
}

void Remaining::settle(const Node& block, const Node* parent) {
  for (std::size_t i = 0; i < block.items.size(); ++i) {
    const Node& op = block.items[i];
    homes_[&op] = {&block, i, parent};
    const OpSpec* const spec = spec_of(op);
    if (spec == nullptr) continue;
    for (const Node::Member& m : op.members) {
      const OpPart* const p = spec->part(m.key);
      if (p == nullptr) continue;
      if (p->form == OpForm::block) settle(m.value, &op);
      if (p->form != OpForm::own || !m.value.is(Node::Type::array)) continue;
      for (const Node& each : m.value.items)
        if (const Node* const list = each.find("do")) settle(*list, &op);
    }
  }
}

bool Remaining::within(const Node* op, const Node* outer) const {
  while (op != nullptr && op != outer) {
    const auto home = homes_.find(op);
    op = home == homes_.end() ? nullptr : home->second.parent;
  }
  return op != nullptr;
}

Ahead Remaining::from(const Node* op, At where) const {
  Ahead out;
  auto home = homes_.find(op);
  if (home == homes_.end()) return out;  // the end of a program
  Walk walk{*this, out, {}};
  out.returns = false;
  if (where == At::inside) out.inside.push_back(op);
  bool through = where == At::end || walk.op(*op);
  for (;;) {
    const Home& at = home->second;
    if (through) through = walk.block(*at.block, at.position + 1);
    if (at.parent == nullptr) break;
    // Out of the block. A break may have left a loop around it, and a panic reaches the `catch` of any `try`.
    const Node& parent = *at.parent;
    const OpSpec* const spec = spec_of(parent);
    const std::string& verb = spec->verb.key;
    out.inside.push_back(&parent);
    if (verb == "defer") {
      out.returns = true;
      return out;
    }
    if (verb == "loop" || verb == "range") {
      through = walk.op(parent);  // the next pass
    } else if (verb == "try" && at.block == parent.find("try")) {
      through = walk.part(parent, "catch") || through;
    } else if (verb == "select") {
      Ahead again;  // is there a break that leaves it?
      Walk whole{*this, again, {}};
      through = whole.op(parent) || through;
    }
    home = homes_.find(&parent);
  }
  out.returns |= through;
  return out;
}

Ahead Remaining::deferred(const Node* defer) const {
  Ahead out;
  Walk walk{*this, out, {}};
  if (const Node* const list = defer->find("defer")) walk.block(*list);
  return out;
}

}  // namespace gmpsim
