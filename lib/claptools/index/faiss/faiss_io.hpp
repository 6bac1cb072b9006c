#pragma once
// Internal to the room.

#include <exception>
#include <filesystem>
#include <memory>
#include <string>

#include "claptools/index/checked_file.hpp"
#include "claptools/index/faiss/faiss_layout.hpp"

namespace faiss {
struct Index;
}

namespace claptools {

/// What FAISS says, without the place in its sources, on one line.
std::string faiss_reason(const std::exception& error);

/// @throws Error as load_index.
std::unique_ptr<faiss::Index> read_faiss(const CheckedFile& file);

/// Without what lies in `lists`: they come out empty.
std::unique_ptr<faiss::Index> read_faiss_around(const CheckedFile& file, const StoredLists& lists);

/// @throws Error as Index::save.
void write_faiss(const faiss::Index& index, const std::filesystem::path& path);

/// What write_faiss writes.
std::string faiss_bytes(const faiss::Index& index);

/// Whether read_faiss will take this type of index back. @param empty the index before anything was
/// added.
bool can_read_back(const faiss::Index& empty);

}  // namespace claptools
