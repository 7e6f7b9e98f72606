/** Stores records in a SQL database. */
@NullMarked
package org.evergrant.jdbc;

import org.jspecify.annotations.NullMarked;
