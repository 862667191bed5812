// What expressions ask of the running world: len, cap, newchan, new, err, rand and the gauges.

#include <algorithm>
#include <utility>
#include "scenarios/interpreter.hpp"
#include "sim/check.hpp"
#include "sim/random.hpp"

namespace gmpsim {

namespace {
constexpr std::uint64_t kMostMade = 20'000'000;  // resources made by one run
}  // namespace

// What len and cap look at; null: both are 0. False: the value has neither.
bool Interpreter::buffer(Value v, const Chan*& c) const {
  c = nullptr;
  if (v.is_nil() || v.kind == ValueKind::context) return true;
  if (v.kind == ValueKind::chan) c = v.object<Chan>();
  // Since 1.23 a timer's channel looks unbuffered.
  if (v.kind == ValueKind::timer && !world->settings().channel_timers_lazy) c = v.object<Timer>()->chan;
  return v.kind == ValueKind::chan || v.kind == ValueKind::timer;
}

bool Interpreter::len(Value v, Value& out) {
  const Chan* c = nullptr;
  if (!buffer(v, c)) return false;
  out = Value{c == nullptr ? 0 : static_cast<std::int64_t>(c->count)};
  return true;
}

bool Interpreter::cap(Value v, Value& out) {
  const Chan* c = nullptr;
  if (!buffer(v, c)) return false;
  out = Value{c == nullptr ? 0 : static_cast<std::int64_t>(c->capacity)};
  return true;
}

bool Interpreter::newchan(std::int64_t capacity, Value& out) {
  if (++made_ > kMostMade) return false;
  out = Value::reference(ValueKind::chan, world->make_chan(static_cast<std::size_t>(capacity)));
  return true;
}

bool Interpreter::fresh(std::uint32_t object, Value& out) {
  if (++made_ > kMostMade) return false;
  for (const ResourceCell& cell : code->resources) {
    if (cell.declared != object) continue;
    out = make(cell, 0);
    const Resource& r = code->scenario->resources[object];
    if (r.type == ResourceType::ticker) world->start_timer_at_boot(*out.object<Timer>(), r.period, r.period);
    if (r.type == ResourceType::timer && r.after) world->start_timer_at_boot(*out.object<Timer>(), *r.after, 0);
    return true;
  }
  return false;
}

bool Interpreter::err(Value context, Value& out) {
  if (context.is_nil()) return out = {}, true;  // Background never ends
  if (context.kind != ValueKind::context) return false;
  const auto& c = *context.object<CancelCtx>();
  out = Value{static_cast<std::int64_t>(c.err)};
  if (run != nullptr && c.err != ContextErr::none) world->sync(run->g, Sync::learn, c.object, World::kClosed);
  return true;
}

std::int64_t Interpreter::rand(std::uint32_t site, std::int64_t n) {
  if (n == 1) return 0;
  const auto outside = [&] { return Site{code->streams[code->outside.first_site + site], outside_entity_, 0}; };
  const Site s = run != nullptr ? run->site(site) : outside();
  if (run != nullptr) ++run->draws(site);
  // Up to 2^32 alternatives are one choice, which exploration may set; beyond that bits are drawn.
  if (n <= std::int64_t{0xffffffff}) return world->chooser().choose(s, static_cast<std::uint32_t>(n));
  return static_cast<std::int64_t>(bounded(world->chooser().draw(s), static_cast<std::uint64_t>(n)));
}

std::int64_t Interpreter::gauge(GaugeName which) {
  switch (which) {
    case GaugeName::goroutines_live: return static_cast<std::int64_t>(world->goroutines_alive());
    case GaugeName::goroutines_runnable: return static_cast<std::int64_t>(world->goroutines_runnable());
    case GaugeName::procs_total: return world->procs();
    case GaugeName::procs_idle: return world->sched().npidle;
    case GaugeName::threads_total: return world->threads();
    case GaugeName::timers_pending: return static_cast<std::int64_t>(world->timers_pending());
    case GaugeName::heap_live: return world->heap_live();
    case GaugeName::heap_stacks: return world->heap_stacks();
  }
  return 0;
}

}  // namespace gmpsim
