#pragma once
// Why a text is no JSON, in the words of a person. Used by the parser once nlohmann's has refused a document.

#include <cstdint>
#include <memory>
#include <string_view>

#include "scenarios/diagnostics.hpp"

namespace gmpsim {

/// What stands before the place of an error: all that JSON's grammar remembers.
enum class JsonState : std::uint8_t { start, done, object_open, object_key, object_value, array_open, array_value };

/// The first byte at or after `at` that is neither white space nor part of a comment.
[[nodiscard]] std::size_t skip_blank(std::string_view text, std::size_t at);

/// End of the string that begins with the quote at `at`, or npos when it does not end.
[[nodiscard]] std::size_t end_of_string(std::string_view text, std::size_t at);

/// End of the number at `at`, by JSON's grammar: of 5ms only the 5.
[[nodiscard]] std::size_t end_of_number(std::string_view text, std::size_t at);

/// End of the run of characters that people take for one number or word: all of 5ms.
[[nodiscard]] std::size_t end_of_word(std::string_view text, std::size_t at);

/// Where the text stops being UTF-8, or npos.
[[nodiscard]] std::size_t invalid_utf8(std::string_view text);

/// Explains the error that follows the last good token, which ended at `after`. `opened`: where the innermost open
/// object or array begins.
[[nodiscard]] Diagnostic explain_syntax(const std::shared_ptr<const SourceText>& source, JsonState state, std::size_t after,
                                        std::size_t opened);

}  // namespace gmpsim
