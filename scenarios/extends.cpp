#include "scenarios/extends.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace gmpsim {
namespace {

constexpr std::size_t kMaxPath = 4096;
constexpr std::string_view kApiVersion = "gmpsim/v1";

/// "a.json -> b.json -> c.json"
std::string chain_text(const std::vector<std::string>& chain, const std::string& next) {
  std::string out;
  for (const std::string& file : chain) out += displayable(file) + " -> ";
  return out + displayable(next);
}

}  // namespace

void merge_patch(Node& base, Node patch) {
  if (!patch.is(Node::Type::object)) {
    base = std::move(patch);
    return;
  }
  if (!base.is(Node::Type::object)) {
    base = Node{};
    base.type = Node::Type::object;
  }
  base.span = patch.span;  // "it needs a key" should point at the file that the user edits
  base.source = patch.source;
  std::map<std::string, std::size_t, std::less<>> at;
  for (std::size_t i = 0; i < base.members.size(); ++i) at.emplace(base.members[i].key, i);
  std::vector<bool> removed(base.members.size(), false);
  for (Node::Member& member : patch.members) {
    const auto found = at.find(member.key);
    if (member.value.is(Node::Type::null)) {
      if (found != at.end()) removed[found->second] = true;
      continue;
    }
    if (found == at.end()) {
      Node merged;  // also strips the nulls inside, as the RFC wants
      const SourceSpan key_span = member.key_span;
      merge_patch(merged, std::move(member.value));
      base.members.push_back({std::move(member.key), key_span, std::move(merged)});
      removed.push_back(false);
    } else {
      Node::Member& into = base.members[found->second];
      merge_patch(into.value, std::move(member.value));
      into.key_span = member.key_span;
    }
  }
  std::vector<Node::Member> kept;
  kept.reserve(base.members.size());
  for (std::size_t i = 0; i < base.members.size(); ++i) {
    if (!removed[i]) kept.push_back(std::move(base.members[i]));
  }
  base.members = std::move(kept);
}

bool check_header(const Node& document, Diagnostics& out) {
  if (!document.is(Node::Type::object)) {
    out.add(at_node(document, "", "E0106", std::string(document.kind()) + " where a scenario belongs", "a scenario is one object: { … }"));
    return false;
  }
  const Node* version = document.find("apiVersion");
  if (version != nullptr && version->is(Node::Type::string) && version->text != kApiVersion) {
    constexpr std::string_view kPrefix = "gmpsim/v";
    const bool ours = version->text.starts_with(kPrefix) && version->text.size() > kPrefix.size() && version->text[kPrefix.size()] != '0';
    out.add(at_node(*version, "/apiVersion", "E0114",
                    ours ? in_quotes(version->text) + " is newer than this tool, which reads " + std::string(kApiVersion)
                         : in_quotes(version->text) + " is no version of the format",
                    ours ? "a newer gmpsim reads it" : "write \"" + std::string(kApiVersion) + "\""));
    return !ours;
  }
  const Node* kind = document.find("kind");
  if (kind == nullptr || !kind->is(Node::Type::string) || kind->text == "Scenario") return true;
  const std::vector<std::string> others{"Sweep", "Schedule", "Result", "Manifest", "Config", "LitmusRecording"};
  const bool other = std::find(others.begin(), others.end(), kind->text) != others.end();
  out.add(at_node(*kind, "/kind", "E0115", other ? "this document is a " + kind->text + ", not a Scenario" : in_quotes(kind->text) + " is no kind of document",
                  other ? "" : "write \"Scenario\""));
  return !other;
}

std::string path_beside(const std::string& from, const std::string& path) {
  const bool absolute = path.starts_with('/');
  std::string joined = path;
  if (!absolute && from.rfind('/') != std::string::npos) joined = from.substr(0, from.rfind('/') + 1) + path;
  std::vector<std::string> parts;
  for (std::size_t at = 0; at <= joined.size();) {
    const std::size_t end = std::min(joined.find('/', at), joined.size());
    const std::string part = joined.substr(at, end - at);
    at = end + 1;
    if (part.empty() || part == ".") continue;
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else {
      parts.push_back(part);
    }
  }
  std::string out = joined.starts_with('/') ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) out += (i == 0 ? "" : "/") + parts[i];
  return out;
}

std::optional<Node> resolve_extends(Node document, const LoadText& load, Diagnostics& out) {
  std::vector<std::string> chain{document.source ? path_beside("", document.source->file) : ""};
  std::vector<Node> layers;  // the document first, what it extends after it
  std::size_t bytes = 0;
  layers.push_back(std::move(document));
  while (true) {
    Node& top = layers.back();
    if (!check_header(top, out)) return std::nullopt;
    const Node* extends = top.find("extends");
    if (extends == nullptr) break;
    const auto refuse = [&](std::string code, std::string message, std::string hint, std::string note = {}) {
      out.add(at_node(*extends, "/extends", std::move(code), std::move(message), std::move(hint), std::move(note)));
      return std::nullopt;
    };
    if (!extends->is(Node::Type::string) || extends->text.empty() || extends->text.size() > kMaxPath || extends->text.find('\0') != std::string::npos) {
      return refuse("E0106", std::string(extends->kind()) + " where the name of a file belongs", "");
    }
    const std::string path = path_beside(chain.back(), extends->text);
    if (std::find(chain.begin(), chain.end(), path) != chain.end()) {
      return refuse("E0112", "this scenario extends itself", "", chain_text(chain, path));
    }
    if (chain.size() >= kMaxExtends) return refuse("E0113", "more than " + std::to_string(kMaxExtends) + " scenarios extend one another", "", chain_text(chain, path));
    if (!load) return refuse("E0111", "extends needs files, and there are none here", "");
    auto text = load(path);
    if (!text) {
      return refuse("E0111", "cannot read " + in_quotes(path), "the path is relative to the file that extends", chain.size() > 1 ? chain_text(chain, path) : "");
    }
    bytes += text->size();
    if (bytes > kMaxExtendedBytes) return refuse("E0113", "what is extended has more than " + std::to_string(kMaxExtendedBytes >> 20) + " MiB", "");
    auto below = parse_json(std::move(*text), path, out);
    if (!below) return std::nullopt;
    chain.push_back(path);
    layers.push_back(std::move(*below));
  }
  Node merged = std::move(layers.back());
  layers.pop_back();
  while (!layers.empty()) {
    std::erase_if(layers.back().members, [](const Node::Member& m) { return m.key == "extends"; });
    merge_patch(merged, std::move(layers.back()));
    layers.pop_back();
  }
  return merged;
}

}  // namespace gmpsim
