// Faults: events of the world outside that make things go wrong, so that one sees what the checks and the policies do.
//
// A fault begins and ends at times that the workload names, and both are in the stream. Rejected: random faults without a
// plan (a finding must be shown again by the same command).

#include "models/go/fault.hpp"

#include <algorithm>

#include "models/go/scaled.hpp"
#include "models/go/world.hpp"
#include "sim/check.hpp"

namespace gmpsim {

namespace {
constexpr std::int64_t kSlowest = 1'000'000 * Memory::kNear;
}  // namespace

void World::add_fault(const FaultPlan& plan) {
  using What = FaultPlan::Kind;
  if (plan.kind == What::cpu_quota) os_.count_cores();
  if (plan.kind == What::stall_core || plan.kind == What::slow_core) {
    GMPSIM_CHECK(plan.core < options_.cores, "a core can fail where there are so many");
    if (!os_.named().named()) os_.name_cores(options_.memory);
  }
  os_.on_throttle = [](void* self, bool throttled) {
    static_cast<World*>(self)->record(Kind::throttle, throttled ? 1 : 0, nullptr, nullptr, nullptr);
  };
  info_.labels.push_back(plan.label);
  faults_.push_back({plan, static_cast<std::uint32_t>(info_.labels.size() - 1), plan.at});
}

void World::on_fault(void* self) {
  World& w = *static_cast<World*>(self);
  Time next = kNever;
  for (FaultState& f : w.faults_) {
    if (f.active && f.ends <= w.now()) {
      f.active = false;
      w.fault_changes(f);
      w.record(Kind::fault, 0, nullptr, nullptr, nullptr, f.label);
    }
    if (f.begins <= w.now()) {
      const bool was_active = std::exchange(f.active, true);
      f.spent = false;
      if (!was_active || f.plan.kind == FaultPlan::Kind::cpu_quota || f.plan.kind == FaultPlan::Kind::gc)
        w.fault_changes(f);
      f.ends = later(w.now(), f.plan.length);
      f.begins = f.plan.every > 0 ? later(w.now(), f.plan.every) : kNever;
      w.record(Kind::fault, 1, nullptr, nullptr, nullptr, f.label, f.plan.by);
    }
    next = std::min({next, f.begins, f.active ? f.ends : kNever});
  }
  if (next != kNever) w.engine_.arm(w.fault_process_, next);
}

/// A fault has begun or ended.
void World::fault_changes(const FaultState& f) {
  using What = FaultPlan::Kind;
  switch (f.plan.kind) {
    case What::stall_core: os_.stall(f.plan.core, f.active); break;
    case What::cpu_quota: os_.limit(f.active ? f.plan.quota : 0, f.active ? f.plan.period : 0); break;
    case What::slow_core: {  // all that slow this core together
      std::int64_t factor = Memory::kNear;
      for (const FaultState& other : faults_)
        if (other.active && other.plan.kind == What::slow_core && other.plan.core == f.plan.core)
          factor = std::min(kSlowest, scaled(factor, other.plan.factor, Memory::kNear));
      os_.slow(f.plan.core, factor);
      break;
    }
    case What::timer_delay: {
      Duration by = 0;
      for (const FaultState& other : faults_)
        if (other.active && other.plan.kind == What::timer_delay) by = later(by, other.plan.by);
      delay_timers(by);
      break;
    }
    case What::gc:
      if (f.active) gc_from_outside();
      break;
    case What::lose_wakeup:
    case What::io_delay:
    case What::clock_step: break;  // whoever it concerns looks at the list
  }
}

/// How much later something from this device comes now.
Duration World::io_delay(const Device& d) const {
  Duration sum = 0;
  for (const FaultState& f : faults_) {
    if (!f.active || f.plan.kind != FaultPlan::Kind::io_delay) continue;
    const auto& of = f.plan.objects;
    if (of.empty() || std::find(of.begin(), of.end(), d.object) != of.end()) sum = later(sum, f.plan.by);
  }
  return sum;
}

/// Is the wake-up of g lost? It then counts as this time's.
bool World::loses_wakeup(const G& g) {
  for (FaultState& f : faults_) {
    const FaultPlan& p = f.plan;
    if (!f.active || f.spent || p.kind != FaultPlan::Kind::lose_wakeup) continue;
    if (p.goroutine != 0 && p.goroutine != g.id) continue;
    if (p.ordinal != 0 && p.ordinal != g.ordinal) continue;
    if (!p.programs.empty() && (g.program >= p.programs.size() || !p.programs[g.program])) continue;
    f.spent = true;
    return true;
  }
  return false;
}

}  // namespace gmpsim
