/** Stores records in Valkey or Redis. */
@NullMarked
package org.evergrant.valkey;

import org.jspecify.annotations.NullMarked;
