// exit: runtime.Goexit (deferred blocks of all calls run), or os.Exit (nothing runs any more).
#include "scenarios/ops/op.hpp"

namespace gmpsim {
namespace {

const Instr* exec_goexit(Run& r, const Instr* i) { return r.unwind_from(Leaving::goexit, i, {}, 0); }

const Instr* exec_exit_process(Run& r, const Instr* /*i*/) {
  r.world.finish(End::exit, {}, r.g.id);
  return r.stop();
}

void compile_exit(OpCompiler& c) {
  const Node& what = *c.op().find("exit");
  const bool goroutine = what.is(Node::Type::boolean) ? what.boolean : c.literal("exit") == "goroutine";
  if (what.is(Node::Type::boolean) && !what.boolean) (void)c.flag("exit");
  c.emit(c.instr(goroutine ? exec_goexit : exec_exit_process));
}

}  // namespace

void register_ops_exit(Registry_ops& r) {
  r.add({.verb = {.key = "exit",
                  .form = OpForm::word,
                  .doc = "end this goroutine (runtime.Goexit), or the process (os.Exit)",
                  .words = {"goroutine", "process"},
                  .schema = R"({"enum":[true,"goroutine","process"]})"},
         .group = "goroutines",
         .parts = {},
         .compile = compile_exit});
}

}  // namespace gmpsim
