// fmt: one layout for all scenario files. Comments are accepted when reading but cannot be kept: a file that has some
// is refused unless its owner says that they may go.

#include "scenarios/json.hpp"
#include "tools/commands/commands.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/scenario_source.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {
namespace {

/// Is there a comment outside of strings? The text has been parsed: what begins with '/' is one.
bool has_comment(const std::string& text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string && text[i] == '/') {
      return true;
    }
  }
  return false;
}

}  // namespace

Exit fmt_command(const FormatOptions& options, Context& context) {
  if (options.files.empty()) fail_usage("fmt needs files", "for example: gmpsim fmt my.json");
  Exit code = Exit::good;
  for (const std::string& file : options.files) {
    const bool piped = file == "-";
    const std::string text =
        piped ? read_stream(*context.env.in, kMaxBytes + 1).text : read_file(file, kMaxBytes + 1).text;
    Diagnostics problems;
    const auto document = parse_json(text, piped ? "<stdin>" : file, problems);
    if (!document) {
      context.err() << problems.render(context.err_style.color);
      code = worse(code, Exit::bad_input);
      continue;
    }
    if (has_comment(text) && !options.drop_comments && !options.check) {
      context.err() << "error: " << printable(file)
                    << " has comments, which would be lost\n       --drop-comments drops them\n";
      code = worse(code, Exit::bad_input);
      continue;
    }
    std::string laid_out = to_json(*document);
    if (!laid_out.ends_with('\n')) laid_out += '\n';
    if (options.check) {
      if (laid_out == text) continue;
      context.out() << printable(file) << " would change\n";
      code = worse(code, Exit::finding);
    } else if (piped) {
      context.out() << laid_out;
    } else if (laid_out != text) {
      write_file(file, laid_out, Overwrite::yes);
      context.say("wrote " + printable(file));
    }
  }
  return code;
}

}  // namespace gmpsim
