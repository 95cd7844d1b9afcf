// A text that stands for itself in any case, "equals-ignore-case". As in AWS's engine each character matches its lower
// and its upper case, one by one and in no language's way; characters whose other case is several ("ß") match themselves.
#pragma once
#include <optional>
#include <string_view>
#include <vector>

namespace outcrop::expr {

class AnyCaseText {
 public:
  explicit AnyCaseText(std::string_view text);  // UTF-8, as all texts here

  bool equals(std::string_view text) const;
  bool begins(std::string_view text) const;
  bool ends(std::string_view text) const;

 private:
  struct Cases {
    char32_t lower, upper;
  };
  std::optional<size_t> match_from(std::string_view text, size_t at) const;

  std::vector<Cases> characters_;
};

}  // namespace outcrop::expr
