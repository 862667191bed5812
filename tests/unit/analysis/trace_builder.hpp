#pragma once
// Traces written by hand: one call a record, times first, so that a test reads as the story it tells.

#include <string>
#include <vector>

#include "analysis/oracle.hpp"
#include "sim/transition.hpp"

namespace gmpsim::fixtures {

/// Programs: 0 worker (class batch), 1 request (class latency). Objects: 1 jobs (chan), 2 A, 3 B (mutexes), 4 R
/// (rwmutex). Labels: 0 tick, 1 work, 2 boom, 3 other.
struct Story {
  TraceInfo info;
  std::vector<Transition> records;

  explicit Story(std::uint32_t procs = 1) {
    info.scenario = "story";
    info.preset = "go1.26";
    info.policy = "stock";
    info.seed = 7;
    info.procs = procs;
    info.programs = {{"worker", "batch"}, {"request", "latency"}};
    info.objects = {
        {"jobs", ObjectKind::chan}, {"A", ObjectKind::mutex}, {"B", ObjectKind::mutex}, {"R", ObjectKind::rwmutex}};
    info.labels = {"tick", "work", "boom", "other"};
  }

  Story& add(Time at, Kind kind, std::uint8_t why = 0, std::uint16_t p = kNoP, std::uint32_t g = kNoG,
             std::uint32_t m = kNoM, std::uint32_t a = 0, std::int64_t value = 0) {
    records.push_back({at, kind, why, p, g, m, a, value});
    return *this;
  }
  Story& create(Time at, std::uint32_t g, std::int64_t program, std::uint32_t by = kNoG) {
    return add(at, Kind::g_create, 0, kNoP, g, kNoM, by, program);
  }
  Story& runnable(Time at, std::uint32_t g, std::uint16_t queue, Why why = Why::readied) {
    return add(at, Kind::g_runnable, static_cast<std::uint8_t>(why), queue, g);
  }
  Story& running(Time at, std::uint32_t g, std::uint16_t p, From from = From::local) {
    return add(at, Kind::g_running, static_cast<std::uint8_t>(from), p, g, p);
  }
  Story& waiting(Time at, std::uint32_t g, std::uint16_t p, WaitReason why, std::uint32_t object = 0, Time due = 0) {
    return add(at, Kind::g_waiting, static_cast<std::uint8_t>(why), p, g, p, object, due);
  }
  Story& end(Time at, std::uint32_t g, std::uint16_t p) { return add(at, Kind::g_end, 0, p, g, p); }
  Story& proc(Time at, std::uint16_t p) { return add(at, Kind::p_running, 0, p, kNoG, p); }
  Story& idle(Time at, std::uint16_t p) { return add(at, Kind::p_idle, 0, p); }
  Story& label(Time at, Kind kind, std::uint32_t g, std::uint32_t label, std::int64_t value = 0) {
    return add(at, kind, 0, kNoP, g, kNoM, label, value);
  }
  Story& acquire(Time at, std::uint32_t g, std::uint32_t object, bool shared = false) {
    return add(at, Kind::acquire, shared ? 1 : 0, kNoP, g, kNoM, object);
  }
  Story& release(Time at, std::uint32_t g, std::uint32_t object, bool shared = false) {
    return add(at, Kind::release, shared ? 1 : 0, kNoP, g, kNoM, object);
  }

  /// A goroutine that is created, queued on P0 and put there.
  Story& starts(Time at, std::uint32_t g, std::int64_t program, std::uint16_t p = 0) {
    return create(at, g, program).runnable(at, g, p, Why::created).running(at, g, p);
  }

  void tell(Sink& sink) const { sink.consume(records); }
  /// In buffers of `n`, as a recorder might cut them.
  void tell_in_pieces(Sink& sink, std::size_t n) const {
    for (std::size_t i = 0; i < records.size(); i += n)
      sink.consume(std::span(records).subspan(i, std::min(n, records.size() - i)));
  }

  /// What one oracle says of this story.
  [[nodiscard]] Verdict judge(const OracleSpec& spec, EndOfRun end, OracleHooks hooks = {}) const {
    Metrics metrics(info);
    Checks checks(metrics, hooks);
    const std::string error = checks.add(spec);
    if (!error.empty()) {
      Verdict v;
      v.outcome = Verdict::Outcome::undecided;
      v.sentence = "refused: " + error;
      return v;
    }
    tell(checks);
    return checks.finish(end).front();
  }
  [[nodiscard]] Verdict judge(const OracleSpec& spec, Time end, EndOfRun::How how = EndOfRun::How::time) const {
    EndOfRun e;
    e.how = how;
    e.at = end;
    return judge(spec, e);
  }
};

inline OracleSpec check(std::string kind) {
  OracleSpec spec;
  spec.name = kind;
  spec.kind = std::move(kind);
  return spec;
}

}  // namespace gmpsim::fixtures
