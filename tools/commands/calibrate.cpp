// calibrate: a cost file of this machine, measured by a Go program (tools/go_calibrate) that is built with the user's
// toolchain. What it prints is read back before it is written: nobody gets a file that `run` refuses.

#include "tools/commands/commands.hpp"
#include "tools/cost_file.hpp"
#include "tools/failure.hpp"
#include "tools/files.hpp"
#include "tools/go_toolchain.hpp"
#include "tools/text_formats.hpp"

namespace gmpsim {

Exit calibrate_command(const CalibrateOptions& options, Context& context) {
  if (!options.output.empty() && options.output != "-" && !options.force && is_file(options.output))
    fail_environment(in_quotes(options.output) + " exists", "--force overwrites it");
  GoProgram program(options.go, go_calibrate_sources());
  const std::string text = program.run({});
  Diagnostics problems;
  if (!read_costs(text, "the measured costs", problems)) {
    context.err() << problems.render(context.err_style.color);
    fail_environment("what was measured is no cost file: is the machine very busy?");
  }
  if (options.output.empty() || options.output == "-") {
    context.out() << text;
  } else {
    write_file(options.output, text, options.force ? Overwrite::yes : Overwrite::no);
    context.say("wrote " + printable(options.output) + "\nnext   gmpsim run worker-pool --costs " +
                printable(options.output));
  }
  return Exit::good;
}

}  // namespace gmpsim
