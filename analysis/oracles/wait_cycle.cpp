// wait_cycle: owners and waiters of locks form a ring.
//
// Found at the moment when the last one begins to wait, long before the runtime could notice (it never does while any
// other goroutine lives). Edges: who waits for a lock waits for those who hold it; a reader held back by a waiting
// writer waits for that writer (hence the recursive read lock: reader -> writer -> the same reader). A mutex has no
// owner in Go, anybody may unlock it: should somebody outside the ring do so, the ring is taken back.
//
// Invariant: memory grows with locks held or waited for at once, not with time.

#include <algorithm>
#include <map>
#include <set>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class WaitCycle final : public Oracle {
 public:
  std::uint64_t kinds() const override {
    return bit(Kind::g_waiting) | bit(Kind::thread_waits) | bit(Kind::g_runnable) | bit(Kind::g_running) |
           bit(Kind::g_end) | bit(Kind::acquire) | bit(Kind::release);
  }

  void observe(const Transition& t, const Facts& facts, const Metrics& metrics) override {
    switch (t.kind) {
      case Kind::acquire: locks_[t.a].holders.push_back({t.g, t.why == 1, t.at}); break;
      case Kind::release: release(t); break;
      case Kind::g_waiting:
        if (is_lock(t.why) && t.a != 0) begins_waiting(t, static_cast<WaitReason>(t.why), metrics);
        break;
      case Kind::thread_waits:  // for a lock of the runtime
        if (t.why == 0)
          stops_waiting(t.g);
        else if (t.a != 0)
          begins_waiting(t, WaitReason::mutex_lock, metrics);
        break;
      default:
        if (facts.unblocked || facts.ended) stops_waiting(t.g);
        break;
    }
  }
  bool violated() const override { return !ring_.empty(); }

  Verdict finish(const EndOfRun&, const Metrics&) override {
    Verdict v;
    v.sentence = "no ring of lock waits";
    if (ring_.empty()) return v;
    v.outcome = Verdict::Outcome::fail;
    v.at = found_at_;
    v.sentence = ring_.size() == 1 ? "a goroutine waits for itself"
                                   : counted(ring_.size(), "goroutine") + " wait for each other";
    v.culprits = culprits_;
    return v;
  }

 private:
  struct Holder {
    std::uint32_t g = kNoG;
    bool shared = false;
    Time since = 0;
  };
  struct Lock {
    std::vector<Holder> holders;
    std::vector<std::uint32_t> waiters;
  };
  struct Wait {
    std::uint32_t object = 0;
    WaitReason reason = WaitReason::none;
    Time since = 0;
  };

  static bool is_lock(std::uint8_t why) {
    const WaitReason r = static_cast<WaitReason>(why);
    return r == WaitReason::mutex_lock || r == WaitReason::rwmutex_lock || r == WaitReason::rwmutex_rlock;
  }

  void release(const Transition& t) {
    const auto found = locks_.find(t.a);
    if (found == locks_.end()) return;
    std::vector<Holder>& holders = found->second.holders;
    // Its own hold if it has one (the latest), else anybody's of the same kind.
    auto at = std::find_if(holders.rbegin(), holders.rend(),
                           [&](const Holder& h) { return h.g == t.g && h.shared == (t.why == 1); });
    if (at == holders.rend())
      at = std::find_if(holders.rbegin(), holders.rend(), [&](const Holder& h) { return h.shared == (t.why == 1); });
    if (at != holders.rend()) holders.erase(std::next(at).base());
    tidy(found);
  }

  void begins_waiting(const Transition& t, WaitReason reason, const Metrics& metrics) {
    waits_[t.g] = {t.a, reason, t.at};
    locks_[t.a].waiters.push_back(t.g);
    if (ring_.empty()) search(t.g, metrics);
  }

  void stops_waiting(std::uint32_t g) {
    const auto wait = waits_.find(g);
    if (wait == waits_.end()) return;
    const auto lock = locks_.find(wait->second.object);
    waits_.erase(wait);
    if (std::find(ring_.begin(), ring_.end(), g) != ring_.end()) {
      ring_.clear();  // somebody else freed a lock of the ring
      culprits_.clear();
    }
    if (lock == locks_.end()) return;
    std::erase(lock->second.waiters, g);
    tidy(lock);
  }

  void tidy(std::map<std::uint32_t, Lock>::iterator lock) {
    if (lock->second.holders.empty() && lock->second.waiters.empty()) locks_.erase(lock);
  }

  /// Whom does `g` wait for? Each with the words for it.
  [[nodiscard]] std::vector<std::uint32_t> waits_for(std::uint32_t g) const {
    const auto wait = waits_.find(g);
    if (wait == waits_.end()) return {};
    const auto lock = locks_.find(wait->second.object);
    if (lock == locks_.end()) return {};
    const bool reads = wait->second.reason == WaitReason::rwmutex_rlock;
    std::vector<std::uint32_t> whom;
    bool exclusive = false;
    for (const Holder& h : lock->second.holders) {
      exclusive |= !h.shared;
      if (!reads || !h.shared) whom.push_back(h.g);
    }
    if (reads && !exclusive) {
      for (const std::uint32_t w : lock->second.waiters) {
        if (waits_.at(w).reason == WaitReason::rwmutex_lock) whom.push_back(w);
      }
    }
    return whom;
  }

  /// Depth first from the goroutine that began to wait; only it can have closed a ring.
  void search(std::uint32_t start, const Metrics& metrics) {
    struct Step {
      std::uint32_t g;
      std::vector<std::uint32_t> whom;
      std::size_t next = 0;
    };
    std::set<std::uint32_t> seen{start};
    std::vector<Step> path{{start, waits_for(start)}};
    while (!path.empty()) {
      Step& top = path.back();
      if (top.next == top.whom.size()) {
        path.pop_back();
        continue;
      }
      const std::uint32_t next = top.whom[top.next++];
      if (next == start) {
        for (const Step& s : path) ring_.push_back(s.g);
        describe(metrics);
        return;
      }
      if (seen.insert(next).second) path.push_back({next, waits_for(next)});
    }
  }

  void describe(const Metrics& metrics) {
    found_at_ = metrics.witness().now();
    const TraceInfo& info = metrics.info();
    const auto name = [&](std::uint32_t g) {
      const LiveGoroutine* const live = metrics.witness().find(g);
      return goroutine_name(info, g, live == nullptr ? kNoProgram : live->program);
    };
    for (std::size_t i = 0; i < ring_.size(); ++i) {
      const Wait& wait = waits_.at(ring_[i]);
      const std::uint32_t next = ring_[(i + 1) % ring_.size()];
      const std::string whom = next == ring_[i] ? "itself" : name(next);
      std::string why = "held by " + whom;
      const std::vector<Holder>& holders = locks_.at(wait.object).holders;
      const auto holder = std::find_if(holders.begin(), holders.end(), [&](const Holder& h) { return h.g == next; });
      if (wait.reason == WaitReason::rwmutex_rlock && (holder == holders.end() || holder->shared))
        why = "behind the waiting writer " + whom;
      else if (holder != holders.end())
        why += " since " + instant(holder->since);
      culprits_.push_back({ring_[i], name(ring_[i]),
                           "waits since " + instant(wait.since) + " for " + object_name(info, wait.object) + ", " + why,
                           wait.since, kNever, true});
    }
  }

  std::map<std::uint32_t, Lock> locks_;
  std::map<std::uint32_t, Wait> waits_;
  std::vector<std::uint32_t> ring_;  // each waits for the next, the last for the first
  std::vector<Culprit> culprits_;
  Time found_at_ = 0;
};

}  // namespace

void register_oracles_wait_cycle(Registry_oracles& r) {
  r.add({"wait_cycle", "\"none\": no ring of goroutines that wait for locks of each other, or of themselves",
         [](const OracleSpec&, const TraceInfo&, const OracleHooks&) -> OracleMade {
           return std::make_unique<WaitCycle>();
         }});
}

}  // namespace gmpsim
