// Faults: events of the world outside that make things go wrong, so that one sees what the checks and the policies do.
//
// A fault begins and ends at times that the workload names, and both are in the stream. Rejected: random faults without a
// plan (a finding must be shown again by the same command).

#include "models/go/fault.hpp"

#include <algorithm>

#include "models/go/world.hpp"

namespace gmpsim {

void World::add_fault(const FaultPlan& plan) {
  if (plan.kind == FaultPlan::Kind::stall_core || plan.kind == FaultPlan::Kind::cpu_quota) os_.count_cores();
  os_.user = this;
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
      if (f.plan.kind == FaultPlan::Kind::stall_core) w.os_.stall(-1);
      if (f.plan.kind == FaultPlan::Kind::cpu_quota) w.os_.limit(0, 0);
      w.record(Kind::fault, 0, nullptr, nullptr, nullptr, f.label);
    }
    if (f.begins <= w.now()) {
      const bool was_active = std::exchange(f.active, true);
      f.spent = false;
      if (f.plan.kind == FaultPlan::Kind::stall_core && !was_active) w.os_.stall(1);
      if (f.plan.kind == FaultPlan::Kind::cpu_quota) w.os_.limit(f.plan.quota, f.plan.period);
      f.ends = later(w.now(), f.plan.length);
      f.begins = f.plan.every > 0 ? later(w.now(), f.plan.every) : kNever;
      w.record(Kind::fault, 1, nullptr, nullptr, nullptr, f.label, f.plan.by);
    }
    next = std::min({next, f.begins, f.active ? f.ends : kNever});
  }
  if (next != kNever) w.engine_.arm(w.fault_process_, next);
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
