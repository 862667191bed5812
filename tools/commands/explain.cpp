// explain: what a word means. A word may mean several things (`select` is an operation and a cost): all are told.

#include <algorithm>

#include "scenarios/diagnostics.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/text_formats.hpp"
#include "tools/topics.hpp"

namespace gmpsim {
namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool means(const Topic& t, const std::string& word) {
  if (lower(t.name) == word) return true;
  return std::any_of(t.aliases.begin(), t.aliases.end(), [&](const std::string& a) { return lower(a) == word; });
}

std::string as_text(const Topic& t, const TextStyle& style) {
  std::string out = painted(t.name, Paint::strong, style) + "   " + painted(t.kind, Paint::faint, style) + "   " +
                    printable(t.line) + "\n";
  std::vector<std::vector<std::string>> rows;
  std::size_t width = 0;
  for (const auto& fact : t.facts) width = std::max(width, display_width(fact.first));
  for (const auto& [what, value] : t.facts)
    out += "  " + what + std::string(width - display_width(what) + 3, ' ') + printable(value) + "\n";
  std::size_t at = 0;
  const std::string text = t.text;
  if (!text.empty()) out += "\n";
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line;
    // Wrapped by hand: words until the width is reached.
    for (std::size_t word = at; word < end;) {
      const std::size_t stop = std::min(text.find(' ', word), end);
      const std::string piece = text.substr(word, stop - word);
      if (!line.empty() &&
          display_width(line) + display_width(piece) + 3 > static_cast<std::size_t>(std::max(style.width, 40))) {
        out += "  " + printable(line) + "\n";
        line.clear();
      }
      line += (line.empty() ? "" : " ") + piece;
      word = stop + 1;
    }
    out += (line.empty() ? "" : "  " + printable(line)) + "\n";
    at = end + 1;
  }
  return out;
}

std::string as_json(const std::vector<const Topic*>& found) {
  std::string out = "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"Explanation\",\n  \"items\": [";
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Topic& t = *found[i];
    out += std::string(i == 0 ? "" : ",") + "\n    { \"kind\": " + json_text(t.kind) +
           ", \"name\": " + json_text(t.name) + ", \"what\": " + json_text(t.line) + ",\n      \"facts\": [";
    for (std::size_t f = 0; f < t.facts.size(); ++f)
      out += std::string(f == 0 ? "" : ", ") + "{ \"what\": " + json_text(t.facts[f].first) +
             ", \"value\": " + json_text(t.facts[f].second) + " }";
    out += "],\n      \"text\": " + json_text(t.text) + " }";
  }
  return out + "\n  ]\n}\n";
}

}  // namespace

Exit explain_command(const ExplainOptions& options, Context& context) {
  if (options.topic.empty())
    fail_usage("explain what?", "any name that `gmpsim list` shows, or an error code: gmpsim explain runnext");
  const std::vector<Topic> topics = all_topics();
  const std::string word = lower(options.topic);
  std::vector<const Topic*> found;
  for (const Topic& t : topics) {
    if (means(t, word)) found.push_back(&t);
  }
  if (found.empty()) {
    std::vector<std::string> known;
    for (const Topic& t : topics) {
      known.push_back(t.name);
      known.insert(known.end(), t.aliases.begin(), t.aliases.end());
    }
    std::string hint = did_you_mean(word, known);
    if (hint.empty()) {
      // A word that is part of longer names: "mutex" of "mutex.starvation".
      std::vector<std::string> parts;
      for (const std::string& name : known) {
        if (word.size() > 2 && lower(name).find(word) != std::string::npos &&
            std::find(parts.begin(), parts.end(), name) == parts.end())
          parts.push_back(name);
      }
      if (!parts.empty()) hint = known_names("it is part of", parts);
    }
    fail_usage("nothing is called " + in_quotes(options.topic),
               hint.empty() ? "gmpsim list shows the names there are" : hint);
  }
  if (context.options.format == "json") {
    context.out() << as_json(found);
    return Exit::good;
  }
  for (std::size_t i = 0; i < found.size(); ++i)
    context.out() << (i == 0 ? "" : "\n") << as_text(*found[i], context.style);
  return Exit::good;
}

}  // namespace gmpsim
