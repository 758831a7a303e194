/**
 * Everything kept in PostgreSQL: the ports of {@code agents}, {@code migration} and {@code drain}, implemented. Each method is one
 * transaction; time is the database's. JPA where rows are records of identity, plain SQL on the way of a cutover. Nobody depends
 * on this package; Spring hands its classes out as the ports.
 */
@NullMarked
package io.sluice.orchestrator.store;

import org.jspecify.annotations.NullMarked;
