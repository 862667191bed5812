#include "analysis/oracle.hpp"

#include "analysis/oracles/registry.hpp"

namespace gmpsim {
namespace {

Registry_oracles all_oracles() {
  Registry_oracles registry;
  register_all_oracles(registry);
  return registry;
}

}  // namespace

const char* name_of(EndOfRun::How how) {
  static constexpr const char* names[] = {"done", "deadlock", "panic", "fatal", "exit", "time", "limit", "error"};
  return names[static_cast<std::size_t>(how)];
}

const char* name_of(Verdict::Outcome outcome) {
  static constexpr const char* names[] = {"PASS", "FAIL", "UNDECIDED"};
  return names[static_cast<std::size_t>(outcome)];
}

std::string Checks::add(const OracleSpec& spec) {
  const Registry_oracles registry = all_oracles();
  std::vector<std::string> known;
  for (const OracleKind& kind : registry.kinds()) {
    known.push_back(kind.kind);
    if (kind.kind != spec.kind) continue;
    Selector who;
    if (std::string error = Selector::parse(spec.who, who); !error.empty()) return error;
    OracleMade made = kind.make(spec, metrics_->info(), hooks_);
    if (!made.error.empty()) return made.error;
    const std::uint64_t kinds = made.oracle->kinds();
    entries_.push_back({spec, std::move(made.oracle), kinds});
    kinds_ |= kinds;
    return {};
  }
  const std::string near = closest_name(spec.kind, known);
  return "there is no check \"" + spec.kind + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?");
}

void Checks::consume(std::span<const Transition> records) {
  for (const Transition& t : records) {
    const Facts& facts = metrics_->apply(t);
    const std::uint64_t kind = bit(t.kind);
    if ((kinds_ & kind) == 0) continue;
    for (Entry& e : entries_) {
      if ((e.kinds & kind) != 0) e.oracle->observe(t, facts, *metrics_);
    }
  }
}

bool Checks::wants_variables() const {
  for (const Entry& e : entries_) {
    if (e.oracle->wants_variables()) return true;
  }
  return false;
}

void Checks::observe_variables(Time now) {
  for (Entry& e : entries_) {
    if (e.oracle->wants_variables()) e.oracle->observe_variables(now, *metrics_);
  }
}

bool Checks::violated() const {
  for (const Entry& e : entries_) {
    if (!e.spec.warn && e.oracle->violated()) return true;
  }
  return false;
}

std::vector<Verdict> Checks::finish(const EndOfRun& end) {
  metrics_->finish(end.at);
  std::vector<Verdict> verdicts;
  bool asserts = false;
  for (Entry& e : entries_) {
    Verdict v = e.oracle->finish(end, *metrics_);
    v.name = e.spec.name;
    v.kind = e.spec.kind;
    v.warn = e.spec.warn;
    asserts |= e.spec.kind == "assert";
    verdicts.push_back(std::move(v));
  }
  if (const std::uint64_t n = metrics_->counters().assert_failures; n > 0 && !asserts) {
    Verdict v;
    v.name = v.kind = "assert";
    v.outcome = Verdict::Outcome::fail;
    v.sentence = counted(n, "assertion") + " found false";
    verdicts.push_back(std::move(v));
  }
  return verdicts;
}

std::vector<std::string> Checks::watched(const std::vector<OracleSpec>& specs) {
  std::vector<std::string> all;
  for (const OracleSpec& spec : specs) {
    if (spec.expression.empty()) continue;
    const ConditionParse parsed = parse_condition(spec.expression);
    if (!parsed.condition) continue;
    for (std::string& who : parsed.condition->watched()) all.push_back(std::move(who));
  }
  return all;
}

std::vector<OracleDoc> list_oracles() {
  std::vector<OracleDoc> docs;
  const Registry_oracles registry = all_oracles();
  for (const OracleKind& kind : registry.kinds()) docs.push_back({kind.kind, kind.doc});
  return docs;
}

}  // namespace gmpsim
