#include "scenarios/arrival_times.hpp"

#include <algorithm>
#include <string_view>

#include "scenarios/extends.hpp"
#include "scenarios/units.hpp"
#include "sim/random.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kMostTimes = 10'000'000;

/// "" when all is well, else what is wrong with line `line`.
std::string times_of(std::string_view text, std::vector<Time>& out, std::size_t& line) {
  for (line = 1; !text.empty(); ++line) {
    std::string_view word = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(word.size() + 1, text.size()));
    word.remove_prefix(std::min(word.find_first_not_of(" \t\r"), word.size()));
    if (word.empty() || word.front() == '#') continue;
    word = word.substr(0, word.find_first_of(" \t\r,"));
    const QuantityResult q = parse_quantity(word);
    if (!q || q.quantity.unit != Unit::time) return in_quotes(word.substr(0, 40)) + " is not a time";
    if (!out.empty() && q.quantity.value < out.back()) return in_quotes(word) + " comes before the time above it";
    if (out.size() == kMostTimes) return "more than " + std::to_string(kMostTimes) + " times";
    out.push_back(q.quantity.value);
  }
  return {};
}

}  // namespace

void read_arrival_times(Scenario& s, const LoadText& load, Diagnostics& out) {
  for (Arrival& a : s.arrivals) {
    if (a.kind != Arrival::Kind::replay) continue;
    const Node* const process = a.place.node->find("process");
    const Node* const name = process == nullptr ? nullptr : process->find("replay");
    if (name == nullptr) continue;
    const auto refuse = [&](std::string code, std::string message, std::string hint) {
      out.add(at_node(*name, pointer_to(pointer_to(a.place.pointer, "process"), "replay"), std::move(code),
                      std::move(message), std::move(hint)));
    };
    if (!load) {  // read without files: valid, but nothing that can run
      s.not_yet.push_back(at_node(*name, pointer_to(pointer_to(a.place.pointer, "process"), "replay"), "E0111",
                                  "replay needs files, and there are none here"));
      continue;
    }
    const std::string path = path_beside(name->source != nullptr ? name->source->file : "", a.file);
    const auto text = a.file.empty() || a.file.find('\0') != std::string::npos ? std::nullopt : load(path);
    if (!text) {
      refuse("E0111", "cannot read " + in_quotes(path), "the path is relative to the file that names it");
      continue;
    }
    std::size_t line = 0;
    const std::string wrong = times_of(*text, a.times, line);
    if (!wrong.empty()) {
      refuse("E0228", "line " + std::to_string(line) + " of " + in_quotes(path) + ": " + wrong,
             "one time a line, in order: 1.5ms");
      continue;
    }
    s.hash = mix64(s.hash, a.times.size());
    for (const Time t : a.times) s.hash = mix64(s.hash, static_cast<std::uint64_t>(t));
  }
}

}  // namespace gmpsim
