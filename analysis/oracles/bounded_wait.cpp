// bounded_wait: nobody who is meant waits longer than `max`: for a P (runnable to running), or with `on` for an object.
// A wait that is not over when the run ends counts with what it has lasted.
//
// For a channel, a wait group, a cond the wait is one block: parked to runnable. For a lock it is the whole request: a
// waiter that is woken may find the lock taken again and park again (sync.Mutex in normal mode, Go 1.9 and later), and
// what it waits for is the lock, not to be woken. The request lasts from its first park to `acquire`; one that ends
// without (a trace that has no such records) ended when the goroutine was last woken. A thread that waits itself, for a lock
// of the runtime or a place in a C library, says when it begins and ends.

#include <fmt/format.h>

#include <map>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

bool is_lock(const TraceInfo& info, std::uint32_t object) {
  const ObjectKind kind = object_kind(info, object);
  return kind == ObjectKind::mutex || kind == ObjectKind::rwmutex || kind == ObjectKind::semaphore ||
         kind == ObjectKind::once;
}

class BoundedWait final : public Oracle {
 public:
  BoundedWait(Duration max, Selector who, std::string on) : max_(max), who_(std::move(who)), on_(std::move(on)) {}

  std::uint64_t kinds() const override {
    if (on_.empty()) return bit(Kind::g_running);
    return bit(Kind::g_runnable) | bit(Kind::g_running) | bit(Kind::g_waiting) | bit(Kind::acquire) | bit(Kind::g_end) |
           bit(Kind::thread_waits);
  }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    if (on_.empty()) {
      if (f.started) consider(metrics.witness().slot(f.slot), f.delay, f.queued_at, t.at, f.queue, metrics);
      return;
    }
    if (f.unblocked && f.object != 0 && covers(metrics.info(), f.object)) {
      const auto request = requests_.find(t.g);
      if (request != requests_.end() && request->second.object == f.object)
        request->second.woken = t.at;
      else if (f.blocked > longest_.length)
        consider(metrics.witness().slot(f.slot), f.blocked, f.blocked_at, t.at, kNoP, metrics);
    }
    if (t.kind == Kind::thread_waits) {
      const auto request = requests_.find(t.g);
      if (request != requests_.end()) ended(request, t.at, metrics);
      if (t.why == 1 && t.a != 0 && covers(metrics.info(), t.a)) requests_.emplace(t.g, Request{t.a, t.at, t.at});
    } else if (t.kind == Kind::g_waiting) {
      const auto request = requests_.find(t.g);
      if (request != requests_.end()) {
        if (request->second.object == t.a) return;  // parks again
        ended(request, request->second.woken, metrics);
      }
      if (t.a != 0 && is_lock(metrics.info(), t.a) && covers(metrics.info(), t.a))
        requests_.emplace(t.g, Request{t.a, t.at, t.at});
    } else if (t.kind == Kind::acquire || t.kind == Kind::g_end) {
      const auto request = requests_.find(t.g);
      if (request == requests_.end()) return;
      if (t.kind == Kind::g_end)
        ended(request, request->second.woken, metrics);
      else if (request->second.object == t.a)
        ended(request, t.at, metrics);
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
        const auto request = requests_.find(g.g);
        if (request != requests_.end()) {
          if (consider(g, end.at - request->second.since, request->second.since, end.at, kNoP, metrics))
            longest_.open = true;
        } else if (g.state == LiveGoroutine::State::waiting && covers(metrics.info(), g.object)) {
          still(g, end, metrics);
        }
      });
    }
    return judge(metrics);
  }

 private:
  /// A goroutine that wants a lock and has parked for it.
  struct Request {
    std::uint32_t object = 0;
    Time since = 0;
    Time woken = 0;  ///< last
  };
  using Requests = std::map<std::uint32_t, Request>;  // by goroutine

  void ended(Requests::iterator request, Time at, const Metrics& metrics) {
    const Request r = request->second;
    const std::uint32_t g = request->first;
    requests_.erase(request);
    if (at - r.since <= longest_.length) return;
    // Whoever has just ended can still be read.
    if (const LiveGoroutine* const live = metrics.witness().find(g))
      consider(*live, at - r.since, r.since, at, kNoP, metrics);
  }

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
  Requests requests_;
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
