// Numbers for terms, given in the order the terms are first met: what is counted per term is then an array.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace outcrop::embedded {

using TermId = uint32_t;

class Vocabulary {
 public:
  TermId add(std::string_view term);
  std::optional<TermId> find(std::string_view term) const;
  size_t size() const { return ends_.size(); }
  std::string_view term(TermId id) const;

 private:
  void grow();
  bool place(TermId id, uint64_t hash);

  // Open addressing with few probes. Terms that find no slot (nobody's luck, but somebody's intent) go to a tree, so that a
  // look-up is bounded whatever the terms are.
  static constexpr size_t probes_max = 32;
  std::vector<uint32_t> slots_;  // 1 + id; 0 is empty
  std::map<std::string, TermId, std::less<>> crowded_out_;
  std::vector<uint64_t> hashes_;
  std::vector<uint32_t> ends_;  // of each term in text_
  std::string text_;
};

// FNV-1a of the bytes with its bits mixed; the same on every machine.
uint64_t hash_of(std::string_view bytes, uint64_t seed = 0);

}  // namespace outcrop::embedded
