#include "scenarios/world_builder.hpp"

#include <algorithm>
#include <charconv>

#include "scenarios/units.hpp"
#include "scenarios/vocabulary.hpp"

namespace gmpsim {
namespace {

constexpr std::uint32_t kUsualProcs = 4;  // for a scenario that names neither Ps nor cores

ObjectKind object_kind(ResourceType t) {
  switch (t) {
    case ResourceType::chan: return ObjectKind::chan;
    case ResourceType::mutex: return ObjectKind::mutex;
    case ResourceType::rwmutex: return ObjectKind::rwmutex;
    case ResourceType::waitgroup: return ObjectKind::wait_group;
    case ResourceType::cond: return ObjectKind::cond;
    case ResourceType::once: return ObjectKind::once;
    case ResourceType::semaphore: return ObjectKind::semaphore;
    case ResourceType::timer: return ObjectKind::timer;
    case ResourceType::ticker: return ObjectKind::ticker;
    case ResourceType::context: return ObjectKind::context;
    default: return ObjectKind::other;
  }
}

TraceInfo trace_info(const CompiledScenario& code) {
  const Scenario& s = *code.scenario;
  TraceInfo info;
  info.scenario = s.metadata.name;
  for (const Program& p : s.programs) info.programs.push_back({p.name, p.class_name});
  for (const ResourceCell& r : code.resources) info.objects.push_back({r.name, object_kind(r.type)});
  info.labels = code.labels;
  return info;
}

/// What GOMAXPROCS is when nobody says: the cores, and since 1.25 no more than a CPU quota allows, which counts as at
/// least 2 [debug.go: defaultGOMAXPROCS; cgroup_linux.go: adjustCgroupGOMAXPROCS | 1.25+]. Go looks again once a second
/// (sysmonUpdateGOMAXPROCS); the model looks at the start only.
std::uint32_t default_procs(const Machine& machine, const Settings& settings) {
  if (machine.cores == 0) return kUsualProcs;
  const auto cores = static_cast<std::uint32_t>(machine.cores);
  if (!settings.container_maxprocs || !machine.cpu_quota) return cores;
  const auto [quota, period] = *machine.cpu_quota;
  const std::int64_t limit = std::max<std::int64_t>(quota / period + (quota % period != 0 ? 1 : 0), 2);
  return static_cast<std::uint32_t>(std::min<std::int64_t>(cores, limit));
}

/// Named constants of the model: costs and switches. The reader has checked names and forms.
void apply_overrides(const Scenario& s, WorldOptions& out, Diagnostics& problems) {
  for (const Setting& setting : s.runtime.overrides) {
    for (const auto& [name, text] : flatten(setting)) {
      const auto cost = std::find_if(kCosts.begin(), kCosts.end(),
                                     [n = std::string_view(name)](const CostInfo& c) { return c.name == n; });
      if (cost != kCosts.end()) {
        const QuantityResult q = parse_quantity(text);
        if (q) out.costs.set(cost->id, q.quantity.value);
        continue;
      }
      const std::string wrong = set_switch(out.settings, name, text);
      if (!wrong.empty())
        problems.add(at_node(*setting.value.node, setting.value.pointer, "E0312", "\"" + name + "\": " + wrong));
    }
  }
  // A step that costs nothing would make loops that never come to an end.
  out.costs.set(Cost::step, std::max<Duration>(out.costs[Cost::step], 1));
  if (s.machine.thread_create) out.costs.set(Cost::thread_create, *s.machine.thread_create);
  if (s.machine.context_switch) out.costs.set(Cost::thread_park, *s.machine.context_switch);
}

/// Must the run say what orders memory? `race` asks for it, and so does `misuse`: of wait groups.
bool asks_for_order(const Scenario& s) {
  const auto is_group = [](const Resource& r) { return r.type == ResourceType::waitgroup; };
  const bool groups = std::any_of(s.resources.begin(), s.resources.end(), is_group);
  return std::any_of(s.checks.begin(), s.checks.end(),
                     [groups](const Check& c) { return c.kind == "race" || (c.kind == "misuse" && groups); });
}

/// Whose wake-up is meant: "*", "program:x", "class:x", "goroutine:x#2", "goroutine:x", "goroutine:G7".
void choose_goroutines(const Scenario& s, std::string_view who, FaultPlan& plan) {
  const std::size_t colon = who.find(':');
  if (colon == std::string_view::npos) return;
  const std::string_view by = who.substr(0, colon);
  std::string_view name = who.substr(colon + 1);
  if (by == "goroutine") {
    const std::string_view digits = name.starts_with('G') ? name.substr(1) : name;
    if (std::from_chars(digits.data(), digits.data() + digits.size(), plan.goroutine).ptr ==
        digits.data() + digits.size())
      return;
    plan.goroutine = 0;
    plan.ordinal = 1;
    if (const std::size_t hash = name.rfind('#'); hash != std::string_view::npos) {
      std::from_chars(name.data() + hash + 1, name.data() + name.size(), plan.ordinal);
      name = name.substr(0, hash);
    }
  }
  for (const Program& p : s.programs) plan.programs.push_back((by == "class" ? p.class_name : p.name) == name);
}

std::vector<FaultPlan> fault_plans(const CompiledScenario& code) {
  std::vector<FaultPlan> out;
  for (const Fault& f : code.scenario->faults) {
    FaultPlan plan;
    if (f.off) continue;
    plan.kind = f.kind == "io_delay"      ? FaultPlan::Kind::io_delay
                : f.kind == "clock_step"  ? FaultPlan::Kind::clock_step
                : f.kind == "stall_core"  ? FaultPlan::Kind::stall_core
                : f.kind == "cpu_quota"   ? FaultPlan::Kind::cpu_quota
                : f.kind == "slow_core"   ? FaultPlan::Kind::slow_core
                : f.kind == "timer_delay" ? FaultPlan::Kind::timer_delay
                : f.kind == "gc"          ? FaultPlan::Kind::gc
                                          : FaultPlan::Kind::lose_wakeup;
    plan.label = f.kind;
    plan.at = f.at.value_or(0);
    plan.length = f.length.value_or(kNever);
    plan.every = f.every.value_or(0);
    plan.by = f.by;
    plan.quota = f.quota;
    plan.period = f.period;
    plan.core = static_cast<std::uint32_t>(f.core);
    plan.factor = f.factor_ppm;
    if (const Node* who = f.settings.node->find("who")) choose_goroutines(*code.scenario, who->text, plan);
    if (const Node* on = f.settings.node->find("on"))
      for (std::uint32_t i = 0; i < code.resources.size(); ++i)
        if (code.scenario->resources[code.resources[i].declared].name == on->text) plan.objects.push_back(i + 1);
    out.push_back(std::move(plan));
  }
  return out;
}

/// How far memory is. With a matrix a distance of 10 is near, 20 takes twice as long (as in the tables of the firmware,
/// ACPI SLIT), unless remote_factor says what the nearest other node takes: then the others follow in proportion.
Memory memory_of(const Machine& m) {
  Memory memory;
  memory.nodes = static_cast<std::uint16_t>(m.numa_nodes);
  if (memory.nodes == 1) return memory;
  std::int64_t nearest = 0;
  for (std::size_t i = 0; i < m.numa_distance.size(); ++i)
    for (std::size_t j = 0; j < m.numa_distance.size(); ++j)
      if (i != j && (nearest == 0 || m.numa_distance[i][j] < nearest)) nearest = m.numa_distance[i][j];
  for (std::size_t i = 0; i < memory.nodes; ++i) {
    for (std::size_t j = 0; j < memory.nodes; ++j) {
      std::int64_t factor = m.remote_factor_ppm.value_or(2 * Memory::kNear);
      if (nearest > 10 && m.remote_factor_ppm)
        factor = Memory::kNear + (factor - Memory::kNear) * (m.numa_distance[i][j] - 10) / (nearest - 10);
      else if (nearest > 0)
        factor = m.numa_distance[i][j] * Memory::kNear / 10;
      memory.factors.push_back(i == j ? Memory::kNear : factor);
    }
  }
  return memory;
}

}  // namespace

std::optional<WorldPlan> plan_world(std::shared_ptr<const CompiledScenario> code, const std::string& policy,
                                    Diagnostics& out) {
  const Scenario& s = *code->scenario;
  const Policy* const chosen = policy.empty() && !s.policies.empty() ? &s.policies.front() : s.policy(policy);
  const std::size_t errors = out.errors();
  for (const Diagnostic& d : s.not_yet) out.add(d);
  for (const Diagnostic& d : code->not_yet) out.add(d);
  if (chosen == nullptr) {
    std::vector<std::string> known;
    for (const Policy& p : s.policies) known.push_back(p.name);
    const std::string near = nearest(policy, known);
    out.add({.code = "E0310",
             .message = "the scenario has no policy \"" + policy + "\"",
             .hint = near.empty() ? "" : "did you mean \"" + near + "\"?"});
    return std::nullopt;
  }
  for (const Diagnostic& d : chosen->not_yet) out.add(d);
  if (out.errors() > errors) return std::nullopt;

  WorldPlan plan;
  WorldOptions& o = plan.options;
  if (!apply_preset(chosen->use, o.settings)) {
    out.add(at_node(*chosen->place.node, chosen->place.pointer, "E0310", "there is no policy \"" + chosen->use + "\""));
    return std::nullopt;
  }
  // What the scenario says of its runtime comes before what a policy says: a policy is the thing that is compared.
  apply_overrides(s, o, out);
  for (const Setting& setting : chosen->params) {
    for (const auto& [name, text] : flatten(setting)) {
      const std::string wrong = set_switch(o.settings, name, text);
      if (!wrong.empty())
        out.add(at_node(*setting.value.node, setting.value.pointer, "E0312", "\"" + name + "\": " + wrong));
    }
  }
  if (out.errors() > errors) return std::nullopt;

  const auto procs = static_cast<std::uint32_t>(s.runtime.gomaxprocs);
  o.cores = static_cast<std::uint32_t>(s.machine.cores);
  o.procs = procs > 0 ? procs : default_procs(s.machine, o.settings);
  o.memory = memory_of(s.machine);
  if (s.stop.after) o.limits.until = *s.stop.after;
  if (s.stop.max_events > 0) o.limits.events = static_cast<std::uint64_t>(s.stop.max_events);
  o.limits.threads = static_cast<std::uint32_t>(std::min<std::int64_t>(s.runtime.max_threads, 1'000'000));
  o.happens_before = asks_for_order(s);
  plan.info = trace_info(*code);
  plan.info.policy = chosen->name;
  plan.faults = fault_plans(*code);
  if (s.machine.cpu_quota) {
    FaultPlan always;
    always.kind = FaultPlan::Kind::cpu_quota;
    always.label = "cpu_quota";
    always.quota = s.machine.cpu_quota->first;
    always.period = s.machine.cpu_quota->second;
    plan.faults.push_back(always);
  }
  plan.code = std::move(code);
  return plan;
}

namespace {
TraceInfo with_seed(TraceInfo info, std::uint64_t seed) {
  info.seed = seed;
  return info;
}
}  // namespace

Simulation::Simulation(const WorldPlan& plan, Chooser& chooser, std::uint64_t seed)
    : interpreter_(plan.code), world_(plan.options, with_seed(plan.info, seed), chooser) {
  for (const FaultPlan& fault : plan.faults) world_.add_fault(fault);
  interpreter_.set_up(world_);
}

const Outcome& Simulation::run() {
  if (interpreter_.error != nullptr) {  // met in an argument of `start`
    world_.finish(End::fatal, interpreter_.error->message);
  }
  // A limit may have been reached while the first goroutines were made.
  return world_.outcome().end == End::none ? world_.run() : world_.outcome();
}

std::optional<Diagnostic> Simulation::scenario_error() const {
  if (interpreter_.error == nullptr) return std::nullopt;
  return interpreter_.code->at(interpreter_.error->place, interpreter_.error->message, interpreter_.error->hint);
}

}  // namespace gmpsim
