// eventually: the mark is made, or all goroutines of a program have ended, and that by `by` if it is given.

#include <fmt/format.h>

#include <algorithm>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Eventually final : public Oracle {
 public:
  explicit Eventually(const OracleSpec& spec) : spec_(spec) {}

  std::uint64_t kinds() const override {
    return spec_.mark.empty() ? bit(Kind::g_create) | bit(Kind::g_end) : bit(Kind::mark);
  }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    if (t.kind == Kind::mark) {
      if (at_ == kNever && label_name(metrics.info(), t.a) == spec_.mark) at_ = t.at;
      return;
    }
    if (f.slot == 0) return;
    const std::uint32_t program = metrics.witness().slot(f.slot).program;
    if (program >= metrics.info().programs.size() || metrics.info().programs[program].name != spec_.done) return;
    live_ += t.kind == Kind::g_create ? 1 : -1;
    at_ = live_ == 0 ? t.at : kNever;  // more of them may still come
  }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    const std::string what = spec_.mark.empty() ? "program " + spec_.done : "mark " + spec_.mark;
    const char* const came = spec_.mark.empty() ? "was done" : "was made";
    Verdict v;
    if (at_ != kNever && (!spec_.by || at_ <= *spec_.by)) {
      v.sentence = fmt::format("{} {} at {}{}", what, came, instant(at_), spec_.by ? " <= " + instant(*spec_.by) : "");
      return v;
    }
    if (at_ == kNever && spec_.by && end.at < *spec_.by &&
        (end.how == EndOfRun::How::time || end.how == EndOfRun::How::limit)) {
      v.outcome = Verdict::Outcome::undecided;
      v.sentence = fmt::format("{} had until {}, but the run ended at {}", what, instant(*spec_.by), instant(end.at));
      return v;
    }
    v.outcome = Verdict::Outcome::fail;
    v.at = spec_.by ? std::min(*spec_.by, end.at) : end.at;
    v.sentence = at_ == kNever
                     ? fmt::format("{} never {}{}", what, came, spec_.by ? " (by " + instant(*spec_.by) + ")" : "")
                     : fmt::format("{} {} at {} > {}", what, came, instant(at_), instant(*spec_.by));
    if (spec_.mark.empty()) name_the_unfinished(metrics, v);
    return v;
  }

 private:
  void name_the_unfinished(const Metrics& metrics, Verdict& v) const {
    constexpr std::size_t kShown = 5;
    static constexpr const char* kStates[] = {"not started", "runnable", "running", "blocked", "in a system call"};
    metrics.witness().each_live([&](const LiveGoroutine& g) {
      if (v.culprits.size() == kShown || g.program >= metrics.info().programs.size() ||
          metrics.info().programs[g.program].name != spec_.done)
        return;
      std::string what = kStates[static_cast<std::size_t>(g.state)];
      if (g.state == LiveGoroutine::State::waiting) {
        what = wait_reason_text(metrics.info(), g.why);
        if (g.object != 0) what += " on " + object_name(metrics.info(), g.object);
      }
      v.culprits.push_back({g.g, goroutine_name(metrics.info(), g.g, g.program), what, g.since, kNever});
    });
  }

  OracleSpec spec_;
  std::int64_t live_ = 0;
  Time at_ = kNever;
};

}  // namespace

void register_oracles_eventually(Registry_oracles& r) {
  r.add({"eventually", "{mark | done: program, by}: it happens by that time",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (spec.mark.empty() == spec.done.empty()) return "eventually needs either \"mark\" or \"done\"";
           return std::make_unique<Eventually>(spec);
         }});
}

}  // namespace gmpsim
