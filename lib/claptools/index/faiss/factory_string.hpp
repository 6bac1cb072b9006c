#pragma once
// Internal to the room.

#include <cstddef>
#include <string_view>

namespace claptools {

/// Reads a description of an index as FAISS's factory would, before it does: FAISS divides by its
/// numbers, asks for memory by them and ends the process for some. Taken are the types that
/// load_index knows, with numbers that fit the dimension.
/// @throws Error{usage} naming the description and what is wrong with it.
void check_factory_string(std::string_view description, std::size_t dim);

}  // namespace claptools
