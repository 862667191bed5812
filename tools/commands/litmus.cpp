// litmus: recordings of the real Go runtime against the model. See scenarios/litmus.hpp.

#include "scenarios/litmus.hpp"

#include <charconv>
#include <optional>

#include "models/go/settings.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/parallel.hpp"
#include "tools/progress.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

constexpr std::size_t kShown = 20;  // side by side; the others are one line each

LitmusFile load(const std::string& file, Context& context) {
  std::string text =
      file == "-" ? read_stream(*context.env.in, kMaxBytes + 1).text : read_file(file, kMaxBytes + 1).text;
  Diagnostics problems;
  auto litmus = read_litmus(std::move(text), file == "-" ? "<stdin>" : file, problems);
  if (!problems.all().empty()) context.err() << problems.render(context.err_style.color);
  if (!litmus) fail_input(in_quotes(file) + " is no recording that can be compared");
  return std::move(*litmus);
}

std::optional<std::size_t> number_of(const std::string& text, const char* flag, std::size_t programs) {
  if (text.empty()) return std::nullopt;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    fail_usage(std::string(flag) + ": " + in_quotes(text) + " is no number");
  if (value >= programs)
    fail_usage(std::string(flag) + ": there is no program " + text + "; there are " + std::to_string(programs) +
               ", from 0 on");
  return value;
}

const char* word_for(LitmusResult::Verdict v) {
  switch (v) {
    case LitmusResult::Verdict::identical: return "identical";
    case LitmusResult::Verdict::differs: return "differs";
    case LitmusResult::Verdict::unsupported: return "unsupported";
  }
  return "";
}

struct Row {
  std::size_t file;
  std::size_t index;
  LitmusResult result;
};

void print_failing(const Row& row, const std::vector<LitmusFile>& files, std::size_t shown, Context& context) {
  const LitmusFile& file = files[row.file];
  const std::string where = files.size() > 1 ? printable(file.file) + " " : "";
  context.out() << painted(word_for(row.result.verdict), Paint::bad, context.style) << "   " << where << "program "
                << row.index << "   " << printable(row.result.difference) << '\n';
  if (shown < kShown && row.result.verdict == LitmusResult::Verdict::differs)
    context.out() << litmus_side_by_side(file, row.index, row.result) << '\n';
}

}  // namespace

Exit litmus_command(const LitmusOptions& options, Context& context) {
  if (!options.files.empty() && options.files[0] == "record") return litmus_record(options, context);
  if (options.files.empty()) fail_usage("litmus needs recordings", "for example: gmpsim litmus order-go1.26.json");
  if (!options.preset.empty()) {
    Settings ignored;
    std::vector<std::string> known;
    for (const Preset& p : presets()) known.emplace_back(p.name);
    if (!apply_preset(options.preset, ignored))
      fail_usage("there is no preset " + in_quotes(options.preset), did_you_mean(options.preset, known));
  }
  std::vector<LitmusFile> files;
  for (const std::string& file : options.files) files.push_back(load(file, context));
  if ((!options.index.empty() || !options.emit.empty()) && files.size() != 1)
    fail_usage("--index and --emit need exactly one file");

  if (const auto index = number_of(options.emit, "--emit", files[0].entries.size())) {
    context.out() << litmus_scenario(files[0], *index, options.preset);
    return Exit::good;
  }
  std::vector<Row> rows;
  const auto only = number_of(options.index, "--index", files[0].entries.size());
  for (std::size_t f = 0; f < files.size(); ++f) {
    for (std::size_t i = 0; i < files[f].entries.size(); ++i) {
      if (!only || *only == i) rows.push_back({f, i, {}});
    }
  }
  Progress progress(context, "litmus", rows.size());
  for_each_index(rows.size(), context.jobs, progress, [&](std::size_t i) {
    rows[i].result = run_litmus(files[rows[i].file], rows[i].index, options.preset);
  });
  progress.finish();

  std::size_t identical = 0;
  std::size_t shifted = 0;
  std::size_t shown = 0;
  for (const Row& row : rows) {
    if (row.result.verdict != LitmusResult::Verdict::identical) continue;
    ++identical;
    if (row.result.phase != 0) ++shifted;
  }
  if (context.options.format == "table") {
    for (const Row& row : rows) {
      if (row.result.verdict != LitmusResult::Verdict::identical) print_failing(row, files, shown++, context);
    }
    if (shifted > 0)
      context.out() << shifted << " of the identical ones in another phase of sysmon than the nominal one\n";
    context.out() << identical << " of " << rows.size() << " identical\n";
  } else if (context.options.format == "csv") {
    context.out() << csv_line({"file", "program", "verdict", "difference", "late_ns", "phase"});
    for (const Row& row : rows)
      context.out() << csv_line({files[row.file].file, std::to_string(row.index), word_for(row.result.verdict),
                                 row.result.difference, std::to_string(row.result.late),
                                 std::to_string(row.result.phase)});
  } else {
    context.out() << "{\n  \"apiVersion\": \"gmpsim/v1\",\n  \"kind\": \"LitmusResult\",\n  \"programs\": "
                  << rows.size() << ",\n  \"identical\": " << identical << ",\n  \"results\": [";
    for (std::size_t i = 0; i < rows.size(); ++i)
      context.out() << (i == 0 ? "\n    " : ",\n    ") << "{ \"file\": " << json_text(files[rows[i].file].file)
                    << ", \"program\": " << rows[i].index << ", \"verdict\": \"" << word_for(rows[i].result.verdict)
                    << "\", \"difference\": " << json_text(rows[i].result.difference)
                    << ", \"late_ns\": " << rows[i].result.late << ", \"phase\": " << rows[i].result.phase << " }";
    context.out() << (rows.empty() ? "]" : "\n  ]") << "\n}\n";
  }
  return identical == rows.size() ? Exit::good : Exit::finding;
}

}  // namespace gmpsim
