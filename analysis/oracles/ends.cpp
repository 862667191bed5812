// ends: the run ends in this way, with this message, and with exactly these goroutines blocked.
//
// `blocked` is complete: every blocked goroutine is claimed by exactly one entry, every entry by `count` goroutines.
// The assignment is greedy from the most specific entry to the least: entries that overlap otherwise than by being more
// specific are not used in practice, and a matching would be harder to explain than the failure.

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "analysis/oracles/registry.hpp"
#include "analysis/table.hpp"

namespace gmpsim {
namespace {

class Ends final : public Oracle {
 public:
  explicit Ends(const OracleSpec& spec) : spec_(spec) {}

  Verdict finish(const EndOfRun& end, const Metrics& metrics) override {
    Verdict v;
    v.sentence = std::string("ended as expected: ") + name_of(end.how) +
                 (end.message.empty() ? "" : ", " + printable(end.message));
    const auto fail = [&](std::string why) {
      if (v.failed()) return;
      v.outcome = Verdict::Outcome::fail;
      v.at = end.at;
      v.sentence = std::move(why);
    };
    if (!spec_.how.empty() && spec_.how != name_of(end.how))
      fail(fmt::format("ended by {}{}, not by {}", name_of(end.how),
                       end.message.empty() ? "" : " (" + printable(end.message) + ")", spec_.how));
    if (!spec_.message.empty() && spec_.message != end.message)
      fail(fmt::format("the message is \"{}\", not \"{}\"", printable(end.message), printable(spec_.message)));
    if (spec_.blocked) match(end, metrics, v, fail);
    return v;
  }

 private:
  template <class Fail>
  void match(const EndOfRun& end, const Metrics& metrics, Verdict& v, Fail fail) const {
    const std::vector<OracleSpec::Blocked>& entries = *spec_.blocked;
    std::vector<std::int64_t> open(entries.size());
    for (std::size_t i = 0; i < entries.size(); ++i) open[i] = entries[i].count;
    std::vector<std::size_t> order(entries.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto specific = [&](std::size_t i) {
      return (entries[i].who != "*") + !entries[i].reason.empty() + !entries[i].on.empty();
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return specific(a) != specific(b) ? specific(a) > specific(b) : a < b;
    });

    for (const EndOfRun::Blocked& b : end.blocked) {
      const auto entry = std::find_if(order.begin(), order.end(),
                                      [&](std::size_t i) { return open[i] > 0 && fits(entries[i], b, metrics); });
      if (entry != order.end()) {
        --open[*entry];
      } else {
        const Culprit c = blocked_culprit(b, metrics);
        fail(fmt::format("{} is blocked ({}), which was not expected", c.name, c.what));
        v.culprits.push_back(c);
      }
    }
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (open[i] == 0) continue;
      const OracleSpec::Blocked& e = entries[i];
      fail(fmt::format("expected {} more {} blocked{}{}", open[i], e.who == "*" ? "goroutine" : e.who,
                       e.reason.empty() ? "" : " (" + e.reason + ")", e.on.empty() ? "" : " on " + e.on));
    }
  }

  static bool fits(const OracleSpec::Blocked& entry, const EndOfRun::Blocked& b, const Metrics& metrics) {
    if (!entry.on.empty() && entry.on != b.object) return false;
    if (!entry.reason.empty() && entry.reason != b.reason) {
      // Our own name of the reason, for scenarios that hold for several versions.
      const LiveGoroutine* const g = metrics.witness().find(b.g);
      if (g == nullptr || g->state != LiveGoroutine::State::waiting ||
          entry.reason != name_of(static_cast<WaitReason>(g->why)))
        return false;
    }
    Selector who;
    Selector::parse(entry.who, who);
    const LiveGoroutine* const g = metrics.witness().find(b.g);
    return who.matches(metrics.info(), b.g, g == nullptr ? kNoProgram : g->program, g == nullptr ? 0 : g->ordinal);
  }

  OracleSpec spec_;
};

}  // namespace

void register_oracles_ends(Registry_oracles& r) {
  r.add({"ends", "{how, message, blocked: [{who, on, reason, count}]}: the final state",
         [](const OracleSpec& spec, const TraceInfo&, const OracleHooks&) -> OracleMade {
           std::vector<std::string> known;
           for (int how = 0; how <= static_cast<int>(EndOfRun::How::limit); ++how)
             known.emplace_back(name_of(static_cast<EndOfRun::How>(how)));
           if (!spec.how.empty() && std::find(known.begin(), known.end(), spec.how) == known.end()) {
             const std::string near = closest_name(spec.how, known);
             return "a run cannot end by \"" + spec.how + "\": done, deadlock, panic, fatal, exit, time, limit" +
                    (near.empty() ? "" : "; did you mean \"" + near + "\"?");
           }
           for (const OracleSpec::Blocked& b : spec.blocked.value_or(std::vector<OracleSpec::Blocked>{})) {
             Selector who;
             if (std::string error = Selector::parse(b.who, who); !error.empty()) return error;
             if (b.count < 0) return "a count of blocked goroutines is negative";
           }
           return std::make_unique<Ends>(spec);
         }});
}

}  // namespace gmpsim
