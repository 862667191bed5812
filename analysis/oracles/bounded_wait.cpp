// bounded_wait: nobody who is meant waits longer than `max`: for a P (runnable to running), or with `on` for an object
// (blocked to runnable). A wait that is not over when the run ends counts with what it has lasted.

#include <fmt/format.h>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class BoundedWait final : public Oracle {
 public:
  BoundedWait(Duration max, Selector who, std::string on) : max_(max), who_(std::move(who)), on_(std::move(on)) {}

  std::uint64_t kinds() const override { return bit(Kind::g_running) | (on_.empty() ? 0 : bit(Kind::g_runnable)); }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    if (on_.empty() && f.started) {
      consider(metrics.witness().slot(f.slot), f.delay, f.queued_at, t.at, f.queue, metrics);
    } else if (!on_.empty() && f.unblocked && f.object != 0) {
      if (f.blocked > longest_.length && covers(metrics.info(), f.object))
        consider(metrics.witness().slot(f.slot), f.blocked, f.blocked_at, t.at, kNoP, metrics);
    }
  }
  bool violated() const override { return longest_.length > max_; }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    const Witness& witness = metrics.witness();
    if (on_.empty()) {
      for (const LiveGoroutine* g = witness.oldest_runnable(); g != nullptr; g = witness.after(*g))
        still(*g, end, metrics);
    } else {
      witness.each_live([&](const LiveGoroutine& g) {
        if (g.state == LiveGoroutine::State::waiting && covers(metrics.info(), g.object)) still(g, end, metrics);
      });
    }
    return judge(metrics);
  }

 private:
  [[nodiscard]] bool covers(const TraceInfo& info, std::uint32_t object) const {
    const std::string name = object_name(info, object);
    // `on: locks` covers every element of the array.
    return name == on_ ||
           (name.size() > on_.size() && name.compare(0, on_.size(), on_) == 0 && name[on_.size()] == '[');
  }

  bool consider(const LiveGoroutine& g, Duration length, Time since, Time until, std::uint16_t queue,
                const Metrics& metrics) {
    if (longest_.g != kNoG && length <= longest_.length) return false;
    if (!who_.matches(metrics.info(), g.g, g.program, g.ordinal)) return false;
    longest_ = WaitRecord{.length = length,
                          .g = g.g,
                          .program = g.program,
                          .ordinal = g.ordinal,
                          .queue = queue,
                          .since = since,
                          .until = until};
    meanwhile_ = length > max_ && on_.empty() ? ran_meanwhile(longest_, metrics) : std::nullopt;
    return true;
  }

  void still(const LiveGoroutine& g, const EndOfRun& end, const Metrics& metrics) {
    if (consider(g, end.at - g.since, g.since, end.at, on_.empty() ? g.p : kNoP, metrics)) longest_.open = true;
  }

  Verdict judge(const Metrics& metrics) const {
    Verdict v;
    const std::string what = on_.empty() ? "longest wait" : "longest wait for " + on_;
    if (longest_.g == kNoG) {
      v.sentence = fmt::format("{} waited", who_.text() == "*" ? "nobody" : who_.text() + " never");
      return v;
    }
    const bool bad = violated();
    v.sentence =
        fmt::format("{} {} {} {}{}", what, short_time(static_cast<double>(longest_.length)),
                    bad ? ">" : "<=", short_time(static_cast<double>(max_)), longest_.open ? ", not over" : "");
    v.culprits.push_back({longest_.g, goroutine_name(metrics.info(), longest_.g, longest_.program),
                          on_.empty() ? queue_name(longest_.queue) : "waits for " + on_, longest_.since,
                          longest_.open ? kNever : longest_.until});
    if (!bad) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = longest_.since + max_;
    if (meanwhile_) v.culprits.push_back(*meanwhile_);
    return v;
  }

  Duration max_;
  Selector who_;
  std::string on_;
  WaitRecord longest_;
  std::optional<Culprit> meanwhile_;
};

}  // namespace

void register_oracles_bounded_wait(Registry_oracles& r) {
  r.add({"bounded_wait", "{max, who, on}: nobody waits longer than max for a P, or for the object `on`",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.max) return "bounded_wait needs \"max\", the longest wait allowed";
           Selector who;
           Selector::parse(spec.who, who);
           return std::make_unique<BoundedWait>(*spec.max, std::move(who), spec.on);
         }});
}

}  // namespace gmpsim
