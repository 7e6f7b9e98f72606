@NullMarked
package org.evergrant.jdbc;

import org.jspecify.annotations.NullMarked;
