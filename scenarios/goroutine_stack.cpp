#include "scenarios/goroutine_stack.hpp"

#include "scenarios/interpreter.hpp"

namespace gmpsim {

std::vector<StackFrame> stack_of(const CompiledScenario& code, const G& g) {
  std::vector<StackFrame> out;
  if (g.resume != resume_routine || g.body == nullptr) return out;
  // An operation that waits has already told where it goes on: that is one behind it.
  bool waits = g.status == GStatus::waiting || g.status == GStatus::syscall;
  for (const Frame* f = static_cast<const Routine*>(g.body)->top; f != nullptr; f = f->caller) {
    const Instr* at = f->pc;
    if (waits && at != nullptr && at > &code.code[f->program->first]) --at;
    waits = false;
    if (at == nullptr) continue;
    Diagnostic d = code.at(at->place, "");
    locate(d);
    out.push_back(
        {code.scenario->programs[static_cast<std::size_t>(f->program - code.programs.data())].name, d.file, d.line});
  }
  return out;
}

}  // namespace gmpsim
