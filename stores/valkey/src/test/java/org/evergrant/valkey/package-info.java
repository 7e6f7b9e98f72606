@NullMarked
package org.evergrant.valkey;

import org.jspecify.annotations.NullMarked;
