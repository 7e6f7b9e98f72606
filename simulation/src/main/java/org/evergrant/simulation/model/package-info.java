/** The rotation's own functions, explored state by state within stated bounds. */
@NullMarked
package org.evergrant.simulation.model;

import org.jspecify.annotations.NullMarked;
