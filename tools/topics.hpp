#pragma once
// Everything that has a name and a meaning, for `list`, `explain`, completion and suggestions. All of it comes from the
// registries and tables of the layers that own it; here they are only put into one shape.

#include <string>
#include <utility>
#include <vector>

namespace gmpsim {

struct Topic {
  std::string kind;  ///< "policy", "op", … as in topic_kinds()
  std::string name;
  std::string line;                                        ///< what it is, one line, lower case
  std::vector<std::string> cells;                          ///< further columns of `list`
  std::vector<std::pair<std::string, std::string>> facts;  ///< of `explain`: what, value
  std::string text;                                        ///< of `explain`: paragraphs
  std::vector<std::string> aliases;                        ///< other words that mean it
};

struct TopicKind {
  std::string kind;                  ///< "policy"
  std::string plural;                ///< what `list` is asked for: "policies"
  std::vector<std::string> columns;  ///< name, cells, line
};

[[nodiscard]] const std::vector<TopicKind>& topic_kinds();
[[nodiscard]] std::vector<Topic> topics_of(const std::string& kind);
/// All kinds, in order.
[[nodiscard]] std::vector<Topic> all_topics();

}  // namespace gmpsim
