// try: holds a panic of what stands in it. A block, no call: return, break and continue pass through.
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

// Names: [ok, as]. Without a panic `as` keeps what it has; a new variable starts as 0.
const Instr* exec_try_done(Run& r, const Instr* i) {
  const Target* const names = &r.in.code->targets[i->extra];
  if (!r.store(names[0], Value{std::int64_t{1}})) return nullptr;
  if (i->count != 0 && !r.store(names[1], {})) return nullptr;
  return i + i->jump;
}

const Instr* exec_caught(Run& r, const Instr* i) {
  const Target* const names = &r.in.code->targets[i->extra];
  const Value caught = r.in.caught;
  if (!r.store(names[0], {}) || !r.store(names[1], caught)) return nullptr;
  return i + 1;
}

void compile_try(OpCompiler& c) {
  const CodeIndex begin = c.here();
  c.enter({.kind = Enclosing::Kind::attempt});
  c.block("try");
  (void)c.leave();
  const CodeIndex end = c.here();
  const bool fresh = c.is_new("as");
  const Target ok = c.name("ok");
  const Target as = c.name("as");
  const ListRef names = c.list(std::vector<Target>{ok, as});
  Instr done = c.instr(exec_try_done);
  done.extra = names.first;
  done.count = fresh ? 1 : 0;
  const CodeIndex over = c.emit(done);
  Instr caught = c.instr(exec_caught);
  caught.extra = names.first;
  c.landing(Landing::Kind::attempt, begin, end, c.emit(caught));
  c.block("catch");
  c.jump_to(over, c.here());
}

}  // namespace

void register_ops_try(Registry_ops& r) {
  r.add({.verb = {.key = "try", .form = OpForm::block, .doc = "operations whose panic is held here"},
         .group = "goroutines",
         .parts = {{.key = "ok", .form = OpForm::name, .doc = "becomes 1 without a panic, else 0"},
                   {.key = "as", .form = OpForm::name, .doc = "becomes the value of the panic"},
                   {.key = "catch", .form = OpForm::block, .doc = "operations after a panic"}},
         .compile = compile_try});
}

}  // namespace gmpsim
