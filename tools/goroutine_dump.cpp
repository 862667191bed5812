#include "tools/goroutine_dump.hpp"

#include "scenarios/goroutine_stack.hpp"
#include "tools/judged_run.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {

std::string stack_text(const JudgedRun& run, const G& g) {
  std::string out;
  for (const StackFrame& f : stack_of(run.code(), g))
    out += "main." + printable(f.program) + "()\n\t" + printable(f.file) + ":" + std::to_string(f.line) + "\n";
  return out;
}

void GoroutineDump::consume(std::span<const Transition> records) {
  for (const Transition& t : records) {
    if (t.g == kNoG || t.g >= Witness::kMaxGoroutine) continue;
    if (t.kind == Kind::g_create) {
      if (births_.size() <= t.g) births_.resize(t.g + 1);
      Birth& b = births_[t.g];
      b.creator = t.a;
      b.program = static_cast<std::uint32_t>(t.value);
      if (t.a < births_.size()) b.creator_program = births_[t.a].program;
    } else if (t.g < births_.size()) {
      if (t.kind == Kind::g_waiting || t.kind == Kind::g_syscall)
        births_[t.g].waits_since = t.at;
      else if (t.kind == Kind::g_runnable || t.kind == Kind::g_running)
        births_[t.g].waits_since = -1;
    }
  }
}

std::string GoroutineDump::text(JudgedRun& run) const {
  World& world = run.world();
  const EndOfRun& end = run.end();
  std::string out;
  if (end.how == EndOfRun::How::panic) out = "panic: " + printable(end.message) + "\n\n";
  if (end.how == EndOfRun::How::deadlock || end.how == EndOfRun::How::fatal)
    out = "fatal error: " + printable(end.message) + "\n\n";

  const Settings& settings = world.settings();
  const bool tells_creator = settings.traceback_creator;
  const auto tell = [&](const G& g) {
    std::string header;
    switch (g.status) {
      case GStatus::waiting: header = world.wait_reason_text(g.wait_reason); break;
      case GStatus::runnable: header = "runnable"; break;
      case GStatus::running: header = "running"; break;
      case GStatus::syscall: header = "syscall"; break;
      default: header = "???"; break;
    }
    static const Birth kUnknown;
    const Birth& birth = g.id < births_.size() ? births_[g.id] : kUnknown;
    if (birth.waits_since >= 0 && end.at - birth.waits_since >= seconds(60))
      header += ", " + std::to_string((end.at - birth.waits_since) / seconds(60)) + " minutes";
    if (g.lockedm != nullptr) header += ", locked to thread";
    out += "goroutine " + std::to_string(g.id) + " [" + header + "]:\n";
    out += stack_text(run, g);
    if (birth.creator != kNoG && birth.creator_program < run.info().programs.size()) {
      out += "created by main." + printable(run.info().programs[birth.creator_program].name);
      if (tells_creator) out += " in goroutine " + std::to_string(birth.creator);
      out += "\n";
    }
    out += "\n";
  };
  const std::uint32_t first = world.outcome().goroutine;
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext)
    if (g->id == first && !g->system) tell(*g);
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext)
    if (g->id != first && !g->system && g->status != GStatus::dead) tell(*g);
  if (!out.empty()) out.pop_back();
  if (out.empty()) out = "no goroutines\n";
  return out;
}

}  // namespace gmpsim
