#include "tools/leak_profile.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "scenarios/goroutine_stack.hpp"
#include "scenarios/wakes.hpp"
#include "tools/goroutine_dump.hpp"
#include "tools/judged_run.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {

std::string leak_profile(JudgedRun& run) {
  World& world = run.world();
  const Wakes wakes(run.interpreter(), Wakes::Reach::memory);
  std::vector<std::pair<std::string, std::uint64_t>> entries;
  std::string dump;
  std::uint64_t total = 0;
  for (const G* g = world.first_goroutine(); g != nullptr; g = g->allnext) {
    if (g->system || g->status != GStatus::waiting || wakes.may_be_woken(g->id).value_or(true)) continue;
    ++total;
    std::string entry;
    dump += "\ngoroutine " + std::to_string(g->id) + " [" + world.wait_reason_text(g->wait_reason) + " (leaked)]:\n" +
            stack_text(run, *g);
    for (const StackFrame& f : stack_of(run.code(), *g))
      entry += "#\tmain." + printable(f.program) + "\t" + printable(f.file) + ":" + std::to_string(f.line) + "\n";
    const auto same = std::find_if(entries.begin(), entries.end(), [&](const auto& e) { return e.first == entry; });
    if (same == entries.end())
      entries.emplace_back(std::move(entry), 1);
    else
      ++same->second;
  }
  std::stable_sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string out = "goroutineleak profile: total " + std::to_string(total) + "\n";
  for (const auto& [stack, count] : entries) out += std::to_string(count) + " @\n" + stack + "\n";
  if (!entries.empty()) out.pop_back();
  out += dump;
  return out;
}

}  // namespace gmpsim
