// race: two goroutines touch the same variable, one of them plainly writes it (or stores atomically what the other touches
// plainly), and neither knows of the other: no rule of Go's memory model orders the two. The run that is seen need not
// have gone wrong; that is the point.
//
// Of each variable the last access of every goroutine in each of four ways is kept. A plain write that is ordered after
// an older access makes that one superfluous: whoever is unordered with the older one is unordered with the write
// (Flanagan and Freund, FastTrack, 2009).
//
// Rejected: lock sets (Eraser), which call a hand-over through a channel a race. Invariant: one finding for a variable,
// after which it is not looked at any more; memory is bounded, beyond it the verdict is "undecided".

#include <fmt/format.h>

#include <map>
#include <vector>

#include "analysis/happens_before.hpp"
#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

bool plain(Access a) { return a == Access::read || a == Access::write; }
bool writes(Access a) { return a == Access::write || a == Access::atomic_write; }
bool conflict(Access a, Access b) { return (writes(a) || writes(b)) && (plain(a) || plain(b)); }

/// What is done to `what`: "loads x atomically".
std::string deed(Access a, const std::string& what) {
  switch (a) {
    case Access::read: return "reads " + what;
    case Access::write: return "writes " + what;
    case Access::atomic_read: return "loads " + what + " atomically";
    default: return "stores to " + what + " atomically";
  }
}

class Race final : public Oracle {
 public:
  explicit Race(const TraceInfo& info) : order_(info) {}

  std::uint64_t kinds() const override { return HappensBefore::kKinds | bit(Kind::access); }

  void observe(const Transition& t, const Facts&, const Metrics& metrics) override {
    if (t.kind != Kind::access) return order_.observe(t);
    const auto how = static_cast<Access>(t.why);
    if (how > Access::atomic_write || order_.gave_up() || full_) return;
    Variable& v = variables_[t.a];
    if (v.raced) return;
    const Deed now = order_.deed(t);
    for (const Deed& then : v.deeds) {
      if (!conflict(how, then.how) || order_.knows(t.g, then)) continue;
      v.raced = true;
      found(t.a, then, now, metrics);
      deeds_ -= v.deeds.size();
      v.deeds = {};
      return;
    }
    keep(v, now);
  }

  bool violated() const override { return !found_.culprits.empty(); }

  Verdict finish(const EndOfRun&, const Metrics&) override {
    if (!found_.culprits.empty()) {
      found_.outcome = Verdict::Outcome::fail;
      if (more_ > 0) found_.sentence += "; and " + counted(more_, "more variable");
    } else if (order_.gave_up() || full_) {
      found_.outcome = Verdict::Outcome::undecided;
      found_.sentence = "too many goroutines and variables to keep track of";
    } else {
      found_.sentence = "every two accesses that matter are ordered";
    }
    return found_;
  }

 private:
  using Deed = HappensBefore::Deed;
  struct Variable {
    std::vector<Deed> deeds;
    bool raced = false;
  };
  static constexpr std::size_t kMaxDeeds = 4'000'000;

  void keep(Variable& v, const Deed& now) {
    const std::size_t before = v.deeds.size();
    std::erase_if(v.deeds, [&](const Deed& then) {
      return (then.g == now.g && then.how == now.how) || (now.how == Access::write && order_.knows(now.g, then));
    });
    v.deeds.push_back(now);
    deeds_ += v.deeds.size() - before;
    full_ = deeds_ > kMaxDeeds;
  }

  void found(std::uint32_t object, const Deed& then, const Deed& now, const Metrics& metrics) {
    if (!found_.culprits.empty()) {
      ++more_;
      return;
    }
    const TraceInfo& info = metrics.info();
    const std::string name = object_name(info, object);
    const auto who = [&](const Deed& t) { return goroutine_name(info, t.g, t.program); };
    const auto what = [&](const Deed& t) {
      return fmt::format("{} at {} ({})", deed(t.how, name), instant(t.at), label_name(info, t.place));
    };
    found_.at = now.at;
    found_.sentence =
        fmt::format("nothing orders two accesses to {}: {} {} at {}, {} {} at {}", name, who(then),
                    deed(then.how, "it"), instant(then.at), who(now), deed(now.how, "it"), instant(now.at));
    found_.culprits.push_back({then.g, who(then), what(then), then.at, then.at, true});
    found_.culprits.push_back({now.g, who(now), what(now), now.at, now.at, true});
  }

  HappensBefore order_;
  std::map<std::uint32_t, Variable> variables_;
  std::size_t deeds_ = 0;
  std::uint64_t more_ = 0;
  bool full_ = false;
  Verdict found_;
};

}  // namespace

void register_oracles_race(Registry_oracles& r) {
  r.add({"race", "\"none\": no two accesses to a variable, one of them a write, are unordered by Go's memory model",
         [](const OracleSpec&, const TraceInfo& info, const OracleHooks&) -> OracleMade {
           return std::make_unique<Race>(info);
         }});
}

}  // namespace gmpsim
