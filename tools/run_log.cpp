#include "tools/run_log.hpp"

#include <algorithm>
#include <set>

namespace gmpsim {
namespace {

constexpr std::uint32_t kSystemGoroutines = 0xf0000000;  // the runtime's own are numbered from here
constexpr std::uint16_t kReferenceFlag = 0x8000;         // as the operation `log` sets it

std::string outcome_of(const EndOfRun& end) {
  switch (end.how) {
    case EndOfRun::How::done: return "done";
    case EndOfRun::How::deadlock: return "deadlock: " + end.message;
    case EndOfRun::How::panic: return "panic: " + end.message;
    case EndOfRun::How::fatal: return "fatal: " + end.message;
    case EndOfRun::How::exit: return "exit";
    case EndOfRun::How::time: return "time";
    case EndOfRun::How::limit: return "limit: " + end.message;
    case EndOfRun::How::error: return "error: " + end.message;
  }
  return "";
}

}  // namespace

void RunLog::consume(std::span<const Transition> records) {
  for (const Transition& t : records) {
    switch (t.kind) {
      case Kind::g_create:
        if (t.g >= kSystemGoroutines) break;
        if (programs_.size() <= t.g) programs_.resize(t.g + 1);
        programs_[t.g] = static_cast<std::uint32_t>(t.value);
        break;
      case Kind::log: {
        if (t.why == 0) event(t, "log");
        const auto elements = static_cast<std::uint16_t>(t.p & ~kReferenceFlag);
        if (elements == 0) break;
        std::string text = std::to_string(t.value);
        if ((t.p & kReferenceFlag) != 0) {
          text = object_name(info_, static_cast<std::uint32_t>(t.value));
          text.resize(std::min(text.size(), text.find('#')));
        }
        lines_.pop_back();
        lines_ += (t.why == 0 ? " = " : " ") + text + '\n';
        break;
      }
      case Kind::mark: event(t, "mark"); break;
      case Kind::span_end: event(t, "span"); break;
      case Kind::assert_fail: event(t, "assert"); break;
      default: break;
    }
  }
}

std::string RunLog::who(std::uint32_t g) const {
  std::string out = "G" + std::to_string(g);
  if (g < programs_.size()) out += " " + info_.programs[programs_[g]].name;
  return out;
}

void RunLog::event(const Transition& t, const char* kind) {
  const std::string what = std::string(kind) + " " + info_.labels[t.a];
  ++counts_[what];
  lines_ += who(t.g) + ": " + what + '\n';
}

std::string RunLog::text(const EndOfRun& end) const {
  std::string out = lines_ + "outcome: " + outcome_of(end) + "\n";
  std::set<std::string> sorted;  // as whole lines: what other programs sort
  for (const auto& [what, n] : counts_) sorted.insert("count: " + what + ": " + std::to_string(n));
  for (const std::string& line : sorted) out += line + "\n";
  for (const auto& b : end.blocked) out += "blocked: " + who(b.g) + ": " + b.reason + "\n";
  return out;
}

}  // namespace gmpsim
