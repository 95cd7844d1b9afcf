#include "inference/embedded/vocabulary.h"

namespace outcrop::embedded {

uint64_t hash_of(std::string_view bytes, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325 ^ seed * 0x9e3779b97f4a7c15;
  for (char byte : bytes) hash = (hash ^ uint8_t(byte)) * 0x100000001b3;
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93;
  return hash ^ hash >> 32;
}

std::string_view Vocabulary::term(TermId id) const {
  uint32_t begin = id == 0 ? 0 : ends_[id - 1];
  return std::string_view(text_).substr(begin, ends_[id] - begin);
}

std::optional<TermId> Vocabulary::find(std::string_view term) const {
  if (slots_.empty()) return std::nullopt;
  uint64_t hash = hash_of(term);
  size_t mask = slots_.size() - 1;
  for (size_t probe = 0; probe < probes_max; ++probe) {
    uint32_t slot = slots_[(hash + probe) & mask];
    if (slot == 0) return std::nullopt;
    if (hashes_[slot - 1] == hash && this->term(slot - 1) == term) return slot - 1;
  }
  auto crowded = crowded_out_.find(term);
  return crowded == crowded_out_.end() ? std::nullopt : std::optional(crowded->second);
}

TermId Vocabulary::add(std::string_view term) {
  if (auto known = find(term)) return *known;
  TermId id = TermId(size());
  text_ += term;
  ends_.push_back(uint32_t(text_.size()));
  hashes_.push_back(hash_of(term));
  if (2 * size() > slots_.size())
    grow();
  else if (!place(id, hashes_.back()))
    crowded_out_.emplace(term, id);
  return id;
}

bool Vocabulary::place(TermId id, uint64_t hash) {
  size_t mask = slots_.size() - 1;
  for (size_t probe = 0; probe < probes_max; ++probe) {
    uint32_t& slot = slots_[(hash + probe) & mask];
    if (slot != 0) continue;
    slot = id + 1;
    return true;
  }
  return false;
}

void Vocabulary::grow() {
  slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), 0);
  crowded_out_.clear();
  for (TermId id = 0; id < size(); ++id)
    if (!place(id, hashes_[id])) crowded_out_.emplace(term(id), id);
}

}  // namespace outcrop::embedded
