#pragma once
// `extends`: a scenario laid over another, as RFC 7396 (JSON merge patch) says: objects merge, everything else replaces,
// null removes. Every node keeps the place where it was written.

#include <functional>
#include <optional>
#include <string>

#include "scenarios/json.hpp"

namespace gmpsim {

inline constexpr std::size_t kMaxExtends = 16;                           // files in a chain
inline constexpr std::size_t kMaxExtendedBytes = std::size_t{4} << 20;  // of all files below the first

using LoadText = std::function<std::optional<std::string>(const std::string& path)>;

/// Lays `patch` over `base`.
void merge_patch(Node& base, Node patch);

/// Follows `extends` from `document` down, and returns the merged document. Missing files, cycles and chains that are
/// too long are reported with the whole chain; nothing is returned then.
[[nodiscard]] std::optional<Node> resolve_extends(Node document, const LoadText& load, Diagnostics& out);

/// Checks `apiVersion` and `kind`. False when the document is of another kind or of a newer version, so that nothing else
/// about it can be judged.
[[nodiscard]] bool check_header(const Node& document, Diagnostics& out);

/// `path` as seen from the folder of the file `from`, with `.` and `..` resolved in the text.
[[nodiscard]] std::string path_beside(const std::string& from, const std::string& path);

}  // namespace gmpsim
