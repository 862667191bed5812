// list: what there is, from the registries.

#include <algorithm>

#include "scenarios/diagnostics.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/text_formats.hpp"
#include "tools/topics.hpp"

namespace gmpsim {
namespace {

std::vector<std::string> cells_of(const Topic& t) {
  std::vector<std::string> cells{t.name};
  for (const std::string& c : t.cells) cells.push_back(printable(c));
  cells.push_back(printable(t.line));
  return cells;
}

std::string as_json(const TopicKind& kind, const std::vector<Topic>& topics) {
  std::string out = "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"List\",\n  \"of\": " + json_text(kind.plural) +
                    ",\n  \"items\": [";
  for (std::size_t i = 0; i < topics.size(); ++i) {
    const std::vector<std::string> cells = cells_of(topics[i]);
    out += i == 0 ? "\n    {" : ",\n    {";
    for (std::size_t c = 0; c < cells.size(); ++c)
      out += (c == 0 ? " " : ", ") + json_text(kind.columns[c]) + ": " + json_text(cells[c]);
    out += " }";
  }
  return out + (topics.empty() ? "]" : "\n  ]") + "\n}\n";
}

}  // namespace

Exit list_command(const ListOptions& options, Context& context) {
  if (options.what.empty()) {
    std::string known;
    for (const TopicKind& kind : topic_kinds()) known += (known.empty() ? "" : ", ") + kind.plural;
    fail_usage("list what? " + known, "for example: gmpsim list scenarios");
  }
  const auto kind = std::find_if(topic_kinds().begin(), topic_kinds().end(),
                                 [&](const TopicKind& k) { return k.plural == options.what; });
  const std::vector<Topic> topics = topics_of(kind->kind);
  if (context.options.format == "json") {
    context.out() << as_json(*kind, topics);
  } else if (context.options.format == "csv") {
    context.out() << csv_line(kind->columns);
    for (const Topic& t : topics) context.out() << csv_line(cells_of(t));
  } else {
    std::vector<std::vector<std::string>> rows;
    for (const Topic& t : topics) rows.push_back(cells_of(t));
    context.out() << columns_text(kind->columns, rows, context.style);
    context.out() << "\n  gmpsim explain NAME says more about each.\n";
  }
  return Exit::good;
}

}  // namespace gmpsim
