// fairness: those who are meant get their share, of the time on Ps or of a mark.
//
// `jain_min` compares the goroutines meant with each other (Jain's index: 1 when all got the same, 1/n when one got
// all); `share` compares them together with everybody. Memory: 16 bytes for every goroutine meant, also after its end,
// because the index needs each of them.

#include <fmt/format.h>

#include <algorithm>

#include "analysis/oracles/registry.hpp"
#include "analysis/statistics.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Fairness final : public Oracle {
 public:
  explicit Fairness(const OracleSpec& spec) : spec_(spec) { Selector::parse(spec.who, who_); }

  std::uint64_t kinds() const override {
    if (!spec_.mark.empty()) return bit(Kind::mark) | bit(Kind::g_create);
    return bit(Kind::g_create) | bit(Kind::g_runnable) | bit(Kind::g_waiting) | bit(Kind::g_syscall) | bit(Kind::g_end);
  }

  void observe(const Transition& t, const Facts& f, const Metrics& metrics) override {
    if (f.slot == 0) return;
    const LiveGoroutine& g = metrics.witness().slot(f.slot);
    if (t.kind == Kind::g_create) {
      member(g, metrics);
    } else if (t.kind == Kind::mark) {
      if (label_name(metrics.info(), t.a) == spec_.mark) give(g, 1, metrics);
    } else if (f.stopped && spec_.mark.empty()) {
      give(g, f.ran, metrics);
    }
  }

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    if (spec_.mark.empty()) {
      metrics.witness().each_live([&](const LiveGoroutine& g) {
        if (g.state == LiveGoroutine::State::running) give(g, end.at - g.since, metrics);
      });
    }
    return judge(metrics);
  }

 private:
  struct Member {
    std::uint32_t g = kNoG;
    std::uint32_t program = kNoProgram;
    Duration amount = 0;
  };

  Member* member(const LiveGoroutine& g, const Metrics& metrics) {
    if (!who_.matches(metrics.info(), g.g, g.program, g.ordinal)) return nullptr;
    const auto at = std::lower_bound(members_.begin(), members_.end(), g.g,
                                     [](const Member& m, std::uint32_t number) { return m.g < number; });
    if (at != members_.end() && at->g == g.g) return &*at;
    return &*members_.insert(at, {g.g, g.program, 0});  // numbers rise, so this appends
  }

  void give(const LiveGoroutine& g, Duration amount, const Metrics& metrics) {
    all_ += amount;
    if (Member* const m = member(g, metrics)) m->amount += amount;
  }

  Verdict judge(const Metrics& metrics) const {
    Verdict v;
    const std::string of = spec_.mark.empty() ? "CPU time" : "mark " + spec_.mark;
    if (members_.empty() || all_ == 0) {
      v.outcome = Verdict::Outcome::undecided;
      v.sentence = members_.empty() ? "there was no goroutine " + who_.text() : "there was no " + of + " to share";
      return v;
    }
    std::vector<double> amounts;
    double mine = 0;
    for (const Member& m : members_) {
      amounts.push_back(static_cast<double>(m.amount));
      mine += amounts.back();
    }
    if (spec_.share) {
      const auto [low, high] = *spec_.share;
      const double share = mine / static_cast<double>(all_);
      const bool good = share >= low && share <= high;
      if (!good) v.outcome = Verdict::Outcome::fail;
      v.sentence = fmt::format("{} has {} of {}, {} to {} allowed", who_.text(), percent(share), of, percent(low),
                               percent(high));
    }
    if (spec_.jain_min) {
      const double jain = jain_index(amounts);
      if (jain < *spec_.jain_min) v.outcome = Verdict::Outcome::fail;
      v.sentence += fmt::format("{}Jain index {:.3f} {} {} over {}", v.sentence.empty() ? "" : "; ", jain,
                                jain < *spec_.jain_min ? "<" : ">=", plain_number(*spec_.jain_min),
                                counted(members_.size(), "goroutine"));
    }
    const auto [least, most] = std::minmax_element(
        members_.begin(), members_.end(), [](const Member& a, const Member& b) { return a.amount < b.amount; });
    for (const auto& [m, word] : {std::pair{*least, "least"}, std::pair{*most, "most"}}) {
      v.culprits.push_back(
          {m.g, goroutine_name(metrics.info(), m.g, m.program),
           fmt::format("{}: {} ({})", word,
                       spec_.mark.empty() ? short_time(static_cast<double>(m.amount)) : std::to_string(m.amount),
                       percent(static_cast<double>(m.amount) / static_cast<double>(all_))),
           0, kNever});
    }
    return v;
  }

  OracleSpec spec_;
  Selector who_;
  std::vector<Member> members_;  // by number
  Duration all_ = 0;
};

}  // namespace

void register_oracles_fairness(Registry_oracles& r) {
  r.add({"fairness", "{who, of: cpu or a mark, jain_min | share: [low, high]}: those meant get their share",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           if (!spec.jain_min && !spec.share) return "fairness needs \"jain_min\" or \"share\"";
           if (spec.share && spec.share->first > spec.share->second)
             return "fairness: the low end of \"share\" is above the high end";
           return std::make_unique<Fairness>(spec);
         }});
}

}  // namespace gmpsim
