/** Real servers for tests, and a network between that can be broken. */
@NullMarked
package org.evergrant.servers;

import org.jspecify.annotations.NullMarked;
