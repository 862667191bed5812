// progress: no stretch of `within` goes by without the mark, or, without a mark, without any operation while there is
// work.
//
// Without a mark an operation is what a goroutine completes: it blocks, creates, locks, reports, ends. Being preempted
// and run again is none, so that a loop that only spins is found. Time in which nobody was runnable or running is not
// counted.

#include <fmt/format.h>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

constexpr std::uint64_t kOperations = bit(Kind::g_create) | bit(Kind::g_waiting) | bit(Kind::g_syscall) |
                                      bit(Kind::g_end) | bit(Kind::acquire) | bit(Kind::release) | bit(Kind::mark) |
                                      bit(Kind::span_begin) | bit(Kind::span_end) | bit(Kind::log) |
                                      bit(Kind::timer_set) | bit(Kind::timer_stop);

class Progress final : public Oracle {
 public:
  Progress(Duration within, std::string mark) : within_(within), mark_(std::move(mark)) {}

  std::uint64_t kinds() const override { return mark_.empty() ? kOperations | bit(Kind::g_runnable) : bit(Kind::mark); }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    if (!mark_.empty()) {
      if (label_name(metrics.info(), t.a) == mark_) step(t.at, t.g, metrics);
      return;
    }
    const bool from_outside = t.kind == Kind::g_create && !busy(metrics, 0);
    if (from_outside || (f.unblocked && !busy(metrics, 1))) {
      last_ = t.at;  // work comes after a pause
    } else if ((bit(t.kind) & kOperations) != 0) {
      step(t.at, t.g, metrics);
    }
  }
  bool violated() const override { return worst_ > within_; }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    // After an end by itself nothing was to come.
    const bool over = end.how == EndOfRun::How::done || end.stopped;
    if (!over && (!mark_.empty() || busy(metrics, 0))) step(end.at, kNoG, metrics);
    Verdict v;
    const bool bad = violated();
    v.sentence = fmt::format("longest time without {} {} {} {}", mark_.empty() ? "an operation" : "mark " + mark_,
                             short_time(static_cast<double>(worst_)),
                             bad ? ">" : "<=", short_time(static_cast<double>(within_)));
    if (!bad) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = since_ + within_;
    if (ended_by_ != kNoG) {
      v.culprits.push_back({ended_by_, goroutine_name(metrics.info(), ended_by_, ended_program_), "ended the pause",
                            since_, since_ + worst_});
      return v;
    }
    for (const ProcView& p : metrics.witness().procs()) {  // it lasted to the end of the run: whoever has the Ps then
      if (p.state != ProcView::State::busy) continue;
      const LiveGoroutine& g = metrics.witness().slot(p.slot);
      v.culprits.push_back(
          {g.g, goroutine_name(metrics.info(), g.g, g.program), "ran without completing anything", g.since, kNever});
    }
    return v;
  }

 private:
  /// Is anything runnable or running beside `besides` goroutines?
  static bool busy(const Metrics& metrics, std::int64_t besides) {
    return metrics.witness().runnable().value() + metrics.witness().state_count(ProcView::State::busy).value() >
           besides;
  }

  void step(Time at, std::uint32_t by, const Metrics& metrics) {
    if (at - last_ > worst_) {
      worst_ = at - last_;
      since_ = last_;
      ended_by_ = by;
      const LiveGoroutine* const g = metrics.witness().find(by);
      ended_program_ = g == nullptr ? kNoProgram : g->program;
    }
    last_ = at;
  }

  Duration within_;
  std::string mark_;
  Time last_ = 0;
  Duration worst_ = 0;
  Time since_ = 0;
  std::uint32_t ended_by_ = kNoG;
  std::uint32_t ended_program_ = kNoProgram;
};

}  // namespace

void register_oracles_progress(Registry_oracles& r) {
  r.add({"progress", "{within, mark}: never longer than `within` without the mark, or without any operation",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.within) return "progress needs \"within\"";
           return std::make_unique<Progress>(*spec.within, spec.mark);
         }});
}

}  // namespace gmpsim
