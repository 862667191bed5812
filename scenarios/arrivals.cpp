#include "scenarios/arrivals.hpp"

#include <algorithm>

#include "models/go/world.hpp"
#include "scenarios/interpreter.hpp"
#include "sim/random.hpp"

namespace gmpsim {
namespace {

using Wide = __int128;

constexpr int kPoint = 60;      // binary digits behind the point of rates and of what is used up
constexpr int kDrawPoint = 40;  // of a draw (Arrivals::kMean): its longest is 2^61, two million times the mean

constexpr Duration kLongestStage = Duration{1} << 55;  // 417 days: products of rates and times stay below 2^123

/// Arrivals per ns in Q60, at most 64 a ns.
Wide per_ns(const Rate& r) {
  const Wide rate = (static_cast<Wide>(r.count) << kPoint) / std::max<Duration>(r.per, 1);
  return std::min(rate, static_cast<Wide>(64) << kPoint);
}

/// What a stage with rates from `first` to `last` brings in its first `x` of `length` ns, in Q60.
Wide brought(Wide first, Wide last, Duration length, Duration x) {
  return first * x + (last - first) * x / (2 * static_cast<Wide>(length)) * x;
}

}  // namespace

void Arrivals::begin() {
  for (const CompiledArrival& a : in_.code->arrivals) {
    Stream& s = streams_.emplace_back();
    s.all = this;
    s.what = &a;
    s.process = world_.engine().add_process(&Arrivals::on_arrival, &s, Phase::world);
    s.next = s.stage_began = a.declared->from;
    if (a.declared->kind == Arrival::Kind::closed) {
      const std::int64_t users = a.declared->max ? std::min(a.declared->users, *a.declared->max) : a.declared->users;
      for (std::int64_t u = 0; u < users; ++u) s.users.emplace(s.next, static_cast<std::uint32_t>(u));
      s.visits.resize(static_cast<std::size_t>(users));
    }
    plan(s);
  }
}

bool Arrivals::more() const {
  return std::any_of(streams_.begin(), streams_.end(), [](const Stream& s) { return !s.over; });
}

bool Arrivals::more(std::uint32_t program) const {
  return std::any_of(streams_.begin(), streams_.end(),
                     [&](const Stream& s) { return !s.over && s.what->program == program; });
}

void Arrivals::on_arrival(void* stream) {
  Stream& s = *static_cast<Stream*>(stream);
  s.all->arrive(s);
}

void Arrivals::arrive(Stream& s) {
  const Arrival& a = *s.what->declared;
  std::int64_t n = a.kind == Arrival::Kind::burst ? a.size : 1;
  const bool closed = a.kind == Arrival::Kind::closed;
  if (a.max) n = std::min(n, *a.max - s.count);
  const std::uint32_t first = in_.arrive(*s.what, n, s.count, s.next);
  if (first == kNoG) return;  // the run is over
  s.count += n;
  if (closed) {
    waited_for_.emplace(first, Guest{&s, s.users.top().second});
    s.users.pop();
  }
  plan(s);
}

void Arrivals::plan(Stream& s) {
  const Arrival& a = *s.what->declared;
  Time at = 0;
  if ((a.max && s.count >= *a.max) || !next_time(s, at) || (a.until && at >= *a.until)) return end(s);
  pending(s, at);
}

void Arrivals::pending(Stream& s, Time at) {
  if (s.over) world_.expect_outside(true);
  s.over = false;
  s.next = at;
  world_.engine().arm(s.process, at);
}

void Arrivals::end(Stream& s) {
  if (!s.over) world_.expect_outside(false);
  s.over = true;
}

bool Arrivals::next_time(Stream& s, Time& at) {
  const Arrival& a = *s.what->declared;
  const bool first = s.count == 0;
  switch (a.kind) {
    case Arrival::Kind::poisson:
      if (a.rate.count == 0) return false;
      at = s.next + draw(s, 0, static_cast<std::uint64_t>(s.count));
      break;
    case Arrival::Kind::every:
    case Arrival::Kind::burst:
      // The first comes when the stream begins.
      at = first ? s.next : s.next + std::max<Duration>(draw(s, 0, static_cast<std::uint64_t>(s.count)), 1);
      break;
    case Arrival::Kind::stages: return stage_time(s, at);
    case Arrival::Kind::closed:
      if (s.users.empty()) return false;
      at = std::max(s.users.top().first, world_.now());
      break;
    case Arrival::Kind::replay:
      while (s.position < a.times.size() && a.times[s.position] < a.from) ++s.position;
      if (s.position == a.times.size()) return false;
      at = a.times[s.position++];
      break;
  }
  return at < kNever;
}

bool Arrivals::stage_time(Stream& s, Time& at) {
  const Arrival& a = *s.what->declared;
  Wide left = static_cast<Wide>(draw(s, 0, static_cast<std::uint64_t>(s.count))) << (kPoint - kDrawPoint);
  for (; s.stage < a.stages.size(); ++s.stage) {
    const Arrival::Stage& stage = a.stages[s.stage];
    const Duration length = std::min(stage.length, kLongestStage);
    const Wide last = per_ns(stage.rate);
    const Wide before = s.stage == 0 ? 0 : per_ns(a.stages[s.stage - 1].rate);
    const Wide first = stage.ramp ? before : last;
    const Duration from = s.next - s.stage_began;
    const Wide used = brought(first, last, length, from);
    const Wide there = brought(first, last, length, length) - used;
    if (left < there) {
      // The first ns at which so much has been brought.
      Duration low = from, high = length;
      while (low < high) {
        const Duration middle = low + (high - low) / 2;
        if (brought(first, last, length, middle) - used >= left)
          high = middle;
        else
          low = middle + 1;
      }
      at = s.stage_began + low;
      return true;
    }
    left -= there;
    s.stage_began += length;
    s.next = s.stage_began;
  }
  return false;
}

void Arrivals::user_is_served(std::uint32_t g) {
  const auto found = waited_for_.find(g);
  if (found == waited_for_.end()) return;
  const Guest guest = found->second;
  waited_for_.erase(found);
  Stream& s = *guest.stream;
  const Time back = world_.now() + draw(s, guest.user + std::uint64_t{1}, s.visits[guest.user]++);
  s.users.emplace(back, guest.user);
  plan(s);
}

Duration Arrivals::draw(const Stream& s, std::uint64_t entity, std::uint64_t count) const {
  const Sampler& gap = s.what->gap;
  return gap.quantile(gap.is_constant() ? 0 : world_.chooser().draw({s.what->stream, entity, count}));
}

}  // namespace gmpsim
