/** Every operation that authentik documents, as `readList` reads it. Written by `AUTHENTIK_OPERATIONS=DIR npm run update`. */
export const LIST = `
/admin/apps/ list
/admin/file/ list create destroy 2025.12-
/admin/file/used_by/ list 2025.12-
/admin/metrics/ retrieve -2025.6
/admin/models/ list
/admin/settings/ retrieve update partial_update
/admin/system/ retrieve create
/admin/version/ retrieve
/admin/version/history/ list 2024.10-
/admin/version/history/{id}/ retrieve 2024.10-
/admin/workers/ list 2025.2-2025.6
/admin/workers/ retrieve -2024.12
/agents/agents/ list create 2026.8-
/agents/agents/{id}/ retrieve update partial_update destroy 2026.8-
/authenticators/admin/all/ list
/authenticators/admin/duo/ list create
/authenticators/admin/duo/{id}/ retrieve update partial_update destroy
/authenticators/admin/email/ list create 2025.2-
/authenticators/admin/email/{id}/ retrieve update partial_update destroy 2025.2-
/authenticators/admin/endpoint/ list create 2024.10-
/authenticators/admin/endpoint/{uuid}/ retrieve update partial_update destroy 2024.10-
/authenticators/admin/sms/ list create
/authenticators/admin/sms/{id}/ retrieve update partial_update destroy
/authenticators/admin/static/ list create
/authenticators/admin/static/{id}/ retrieve update partial_update destroy
/authenticators/admin/totp/ list create
/authenticators/admin/totp/{id}/ retrieve update partial_update destroy
/authenticators/admin/webauthn/ list create
/authenticators/admin/webauthn/{id}/ retrieve update partial_update destroy
/authenticators/all/ list
/authenticators/duo/ list
/authenticators/duo/{id}/ retrieve update partial_update destroy
/authenticators/duo/{id}/used_by/ list
/authenticators/email/ list 2025.2-
/authenticators/email/{id}/ retrieve update partial_update destroy 2025.2-
/authenticators/email/{id}/used_by/ list 2025.2-
/authenticators/endpoint/ list 2024.10-
/authenticators/endpoint/{uuid}/ retrieve 2024.10-
/authenticators/endpoint/{uuid}/used_by/ list 2024.10-
/authenticators/sms/ list
/authenticators/sms/{id}/ retrieve update partial_update destroy
/authenticators/sms/{id}/used_by/ list
/authenticators/static/ list
/authenticators/static/{id}/ retrieve update partial_update destroy
/authenticators/static/{id}/used_by/ list
/authenticators/totp/ list
/authenticators/totp/{id}/ retrieve update partial_update destroy
/authenticators/totp/{id}/used_by/ list
/authenticators/webauthn/ list
/authenticators/webauthn/{id}/ retrieve update partial_update destroy
/authenticators/webauthn/{id}/used_by/ list
/core/application_entitlements/ list create 2024.12-
/core/application_entitlements/requestable/ list 2026.8-
/core/application_entitlements/{pbm_uuid}/ retrieve update partial_update destroy 2024.12-
/core/application_entitlements/{pbm_uuid}/used_by/ list 2024.12-
/core/applications/ list create
/core/applications/requestable/ list 2026.8-
/core/applications/{slug}/ retrieve update partial_update destroy
/core/applications/{slug}/check_access/ retrieve
/core/applications/{slug}/metrics/ list -2025.6
/core/applications/{slug}/set_icon/ create -2025.10
/core/applications/{slug}/set_icon_url/ create -2025.10
/core/applications/{slug}/used_by/ list
/core/authenticated_sessions/ list
/core/authenticated_sessions/bulk_delete/ destroy 2026.2-
/core/authenticated_sessions/{uuid}/ retrieve destroy
/core/authenticated_sessions/{uuid}/used_by/ list
/core/brands/ list create
/core/brands/current/ retrieve
/core/brands/{brand_uuid}/ retrieve update partial_update destroy
/core/brands/{brand_uuid}/used_by/ list
/core/groups/ list create
/core/groups/{group_uuid}/ retrieve update partial_update destroy
/core/groups/{group_uuid}/add_user/ create
/core/groups/{group_uuid}/remove_user/ create
/core/groups/{group_uuid}/used_by/ list
/core/object_attributes/ list create 2026.8-
/core/object_attributes/{attribute_id}/ retrieve update partial_update destroy 2026.8-
/core/tokens/ list create
/core/tokens/{identifier}/ retrieve update partial_update destroy
/core/tokens/{identifier}/set_key/ create
/core/tokens/{identifier}/used_by/ list
/core/tokens/{identifier}/view_key/ retrieve
/core/transactional/applications/ update
/core/user_consent/ list
/core/user_consent/{id}/ retrieve destroy
/core/user_consent/{id}/used_by/ list
/core/users/ list create
/core/users/account_lockdown/ create 2026.5-
/core/users/export/ create 2025.12-
/core/users/impersonate_end/ retrieve
/core/users/me/ retrieve
/core/users/paths/ retrieve
/core/users/service_account/ create
/core/users/switch/ create 2026.8-
/core/users/{id}/ retrieve update partial_update destroy
/core/users/{id}/impersonate/ create
/core/users/{id}/metrics/ retrieve -2025.6
/core/users/{id}/recovery/ create 2024.4-
/core/users/{id}/recovery/ retrieve -2024.2
/core/users/{id}/recovery_email/ create 2024.4-
/core/users/{id}/recovery_email/ retrieve -2024.2
/core/users/{id}/set_password/ create
/core/users/{id}/set_password_hash/ create 2026.5-
/core/users/{id}/used_by/ list
/crypto/certificatekeypairs/ list create
/crypto/certificatekeypairs/generate/ create
/crypto/certificatekeypairs/{kp_uuid}/ retrieve update partial_update destroy
/crypto/certificatekeypairs/{kp_uuid}/used_by/ list
/crypto/certificatekeypairs/{kp_uuid}/view_certificate/ retrieve
/crypto/certificatekeypairs/{kp_uuid}/view_private_key/ retrieve
/endpoints/agents/connectors/ list create 2025.12-
/endpoints/agents/connectors/agent_config/ retrieve 2025.12-
/endpoints/agents/connectors/auth_fed/ create 2025.12-
/endpoints/agents/connectors/auth_ia/ create 2025.12-
/endpoints/agents/connectors/check_in/ create 2025.12-
/endpoints/agents/connectors/enroll/ create 2025.12-
/endpoints/agents/connectors/{connector_uuid}/ retrieve update partial_update destroy 2025.12-
/endpoints/agents/connectors/{connector_uuid}/mdm_config/ create 2025.12-
/endpoints/agents/connectors/{connector_uuid}/used_by/ list 2025.12-
/endpoints/agents/enrollment_tokens/ list create 2025.12-
/endpoints/agents/enrollment_tokens/{token_uuid}/ retrieve update partial_update destroy 2025.12-
/endpoints/agents/enrollment_tokens/{token_uuid}/used_by/ list 2025.12-
/endpoints/agents/enrollment_tokens/{token_uuid}/view_key/ retrieve 2025.12-
/endpoints/agents/psso/ise/ list create 2026.5-
/endpoints/agents/psso/ise/{uuid}/ retrieve update partial_update destroy 2026.5-
/endpoints/agents/psso/ise/{uuid}/used_by/ list 2026.5-
/endpoints/agents/psso/register/device/ create 2025.12-
/endpoints/agents/psso/register/user/ create 2025.12-
/endpoints/connectors/ list 2025.12-
/endpoints/connectors/types/ list 2025.12-
/endpoints/connectors/{connector_uuid}/ retrieve destroy 2025.12-
/endpoints/connectors/{connector_uuid}/used_by/ list 2025.12-
/endpoints/device_access_groups/ list create 2025.12-
/endpoints/device_access_groups/{pbm_uuid}/ retrieve update partial_update destroy 2025.12-
/endpoints/device_access_groups/{pbm_uuid}/used_by/ list 2025.12-
/endpoints/device_bindings/ list create 2025.12-
/endpoints/device_bindings/{policy_binding_uuid}/ retrieve update partial_update destroy 2025.12-
/endpoints/device_bindings/{policy_binding_uuid}/used_by/ list 2025.12-
/endpoints/devices/ list 2025.12-
/endpoints/devices/summary/ retrieve 2025.12-
/endpoints/devices/{device_uuid}/ retrieve update partial_update destroy 2025.12-
/endpoints/devices/{device_uuid}/used_by/ list 2025.12-
/endpoints/fleet/connectors/ list create 2026.2-
/endpoints/fleet/connectors/{connector_uuid}/ retrieve update partial_update destroy 2026.2-
/endpoints/fleet/connectors/{connector_uuid}/used_by/ list 2026.2-
/endpoints/google_chrome/connectors/ list create 2026.5-
/endpoints/google_chrome/connectors/{connector_uuid}/ retrieve update partial_update destroy 2026.5-
/endpoints/google_chrome/connectors/{connector_uuid}/used_by/ list 2026.5-
/enterprise/license/ list create
/enterprise/license/forecast/ retrieve
/enterprise/license/get_install_id/ retrieve -2024.6
/enterprise/license/install_id/ retrieve 2024.8-
/enterprise/license/summary/ retrieve
/enterprise/license/{license_uuid}/ retrieve update partial_update destroy
/enterprise/license/{license_uuid}/used_by/ list
/events/events/ list create
/events/events/actions/ list
/events/events/export/ create 2025.12-
/events/events/per_month/ list -2025.6
/events/events/stats/ retrieve 2026.5-
/events/events/top_per_user/ list
/events/events/volume/ list
/events/events/{event_uuid}/ retrieve update partial_update destroy
/events/notifications/ list
/events/notifications/mark_all_seen/ create
/events/notifications/{uuid}/ retrieve update partial_update destroy
/events/notifications/{uuid}/used_by/ list
/events/rules/ list create
/events/rules/{pbm_uuid}/ retrieve update partial_update destroy
/events/rules/{pbm_uuid}/used_by/ list
/events/system_tasks/ list -2025.6
/events/system_tasks/{uuid}/ retrieve -2025.6
/events/system_tasks/{uuid}/run/ create -2025.6
/events/transports/ list create
/events/transports/{uuid}/ retrieve update partial_update destroy
/events/transports/{uuid}/test/ create
/events/transports/{uuid}/used_by/ list
/flows/bindings/ list create
/flows/bindings/{fsb_uuid}/ retrieve update partial_update destroy
/flows/bindings/{fsb_uuid}/used_by/ list
/flows/executor/{flow_slug}/ retrieve=flows_executor_get create=flows_executor_solve
/flows/inspector/{flow_slug}/ retrieve=flows_inspector_get
/flows/instances/ list create
/flows/instances/cache_clear/ create
/flows/instances/cache_info/ retrieve
/flows/instances/import/ create -2026.2
/flows/instances/{slug}/ retrieve update partial_update destroy
/flows/instances/{slug}/diagram/ retrieve
/flows/instances/{slug}/execute/ retrieve
/flows/instances/{slug}/export/ retrieve
/flows/instances/{slug}/set_background/ create -2025.10
/flows/instances/{slug}/set_background_url/ create -2025.10
/flows/instances/{slug}/used_by/ list
/lifecycle/iterations/ create 2026.2-
/lifecycle/iterations/latest/{content_type}/{object_id}/ retrieve 2026.2-2026.2
/lifecycle/iterations/latest/{content_type}/{object_id}/ retrieve=lifecycle_iterations_list_latest 2026.5-
/lifecycle/iterations/open/ retrieve=lifecycle_iterations_list_open 2026.2-
/lifecycle/reviews/ create 2026.2-
/lifecycle/rules/ list create 2026.2-
/lifecycle/rules/{id}/ retrieve update partial_update destroy 2026.2-
/lifecycle/user_offboarding/ list create 2026.8-
/lifecycle/user_offboarding/{id}/ retrieve destroy 2026.8-
/managed/blueprints/ list create
/managed/blueprints/available/ list
/managed/blueprints/import/ create 2026.5-
/managed/blueprints/{instance_uuid}/ retrieve update partial_update destroy
/managed/blueprints/{instance_uuid}/apply/ create
/managed/blueprints/{instance_uuid}/used_by/ list
/oauth2/access_tokens/ list
/oauth2/access_tokens/{id}/ retrieve destroy
/oauth2/access_tokens/{id}/used_by/ list
/oauth2/authorization_codes/ list
/oauth2/authorization_codes/{id}/ retrieve destroy
/oauth2/authorization_codes/{id}/used_by/ list
/oauth2/refresh_tokens/ list
/oauth2/refresh_tokens/{id}/ retrieve destroy
/oauth2/refresh_tokens/{id}/used_by/ list
/outposts/instances/ list create
/outposts/instances/default_settings/ retrieve
/outposts/instances/{uuid}/ retrieve update partial_update destroy
/outposts/instances/{uuid}/health/ list
/outposts/instances/{uuid}/used_by/ list
/outposts/ldap/ list
/outposts/ldap/{id}/ retrieve -2024.6
/outposts/ldap/{id}/check_access/ retrieve=outposts_ldap_access_check 2024.8-
/outposts/proxy/ list
/outposts/proxy/{id}/ retrieve -2024.6
/outposts/radius/ list
/outposts/radius/{id}/ retrieve -2024.6
/outposts/radius/{id}/check_access/ retrieve=outposts_radius_access_check 2024.8-
/outposts/service_connections/all/ list
/outposts/service_connections/all/types/ list
/outposts/service_connections/all/{uuid}/ retrieve destroy
/outposts/service_connections/all/{uuid}/state/ retrieve
/outposts/service_connections/all/{uuid}/used_by/ list
/outposts/service_connections/docker/ list create
/outposts/service_connections/docker/{uuid}/ retrieve update partial_update destroy
/outposts/service_connections/docker/{uuid}/used_by/ list
/outposts/service_connections/kubernetes/ list create
/outposts/service_connections/kubernetes/{uuid}/ retrieve update partial_update destroy
/outposts/service_connections/kubernetes/{uuid}/used_by/ list
/policies/all/ list
/policies/all/cache_clear/ create
/policies/all/cache_info/ retrieve
/policies/all/types/ list
/policies/all/{policy_uuid}/ retrieve destroy
/policies/all/{policy_uuid}/test/ create
/policies/all/{policy_uuid}/used_by/ list
/policies/bindings/ list create
/policies/bindings/{policy_binding_uuid}/ retrieve update partial_update destroy
/policies/bindings/{policy_binding_uuid}/used_by/ list
/policies/dummy/ list create
/policies/dummy/{policy_uuid}/ retrieve update partial_update destroy
/policies/dummy/{policy_uuid}/used_by/ list
/policies/event_matcher/ list create
/policies/event_matcher/{policy_uuid}/ retrieve update partial_update destroy
/policies/event_matcher/{policy_uuid}/used_by/ list
/policies/expression/ list create
/policies/expression/{policy_uuid}/ retrieve update partial_update destroy
/policies/expression/{policy_uuid}/used_by/ list
/policies/geoip/ list create 2024.8-
/policies/geoip/{policy_uuid}/ retrieve update partial_update destroy 2024.8-
/policies/geoip/{policy_uuid}/used_by/ list 2024.8-
/policies/geoip_iso3166/ list 2024.8-
/policies/password/ list create
/policies/password/{policy_uuid}/ retrieve update partial_update destroy
/policies/password/{policy_uuid}/used_by/ list
/policies/password_expiry/ list create
/policies/password_expiry/{policy_uuid}/ retrieve update partial_update destroy
/policies/password_expiry/{policy_uuid}/used_by/ list
/policies/reputation/ list create
/policies/reputation/scores/ list
/policies/reputation/scores/{reputation_uuid}/ retrieve destroy
/policies/reputation/scores/{reputation_uuid}/used_by/ list
/policies/reputation/{policy_uuid}/ retrieve update partial_update destroy
/policies/reputation/{policy_uuid}/used_by/ list
/policies/unique_password/ list create 2025.4-
/policies/unique_password/{policy_uuid}/ retrieve update partial_update destroy 2025.4-
/policies/unique_password/{policy_uuid}/used_by/ list 2025.4-
/propertymappings/all/ list
/propertymappings/all/types/ list
/propertymappings/all/{pm_uuid}/ retrieve destroy
/propertymappings/all/{pm_uuid}/test/ create
/propertymappings/all/{pm_uuid}/used_by/ list
/propertymappings/ldap/ list create -2024.6
/propertymappings/ldap/{pm_uuid}/ retrieve update partial_update destroy -2024.6
/propertymappings/ldap/{pm_uuid}/used_by/ list -2024.6
/propertymappings/notification/ list create
/propertymappings/notification/{pm_uuid}/ retrieve update partial_update destroy
/propertymappings/notification/{pm_uuid}/used_by/ list
/propertymappings/provider/google_workspace/ list create 2024.6-
/propertymappings/provider/google_workspace/{pm_uuid}/ retrieve update partial_update destroy 2024.6-
/propertymappings/provider/google_workspace/{pm_uuid}/used_by/ list 2024.6-
/propertymappings/provider/microsoft_entra/ list create 2024.6-
/propertymappings/provider/microsoft_entra/{pm_uuid}/ retrieve update partial_update destroy 2024.6-
/propertymappings/provider/microsoft_entra/{pm_uuid}/used_by/ list 2024.6-
/propertymappings/provider/rac/ list create 2024.8-
/propertymappings/provider/rac/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/provider/rac/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/provider/radius/ list create 2024.8-
/propertymappings/provider/radius/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/provider/radius/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/provider/saml/ list create 2024.8-
/propertymappings/provider/saml/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/provider/saml/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/provider/scim/ list create 2024.8-
/propertymappings/provider/scim/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/provider/scim/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/provider/scope/ list create 2024.8-
/propertymappings/provider/scope/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/provider/scope/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/rac/ list create -2024.6
/propertymappings/rac/{pm_uuid}/ retrieve update partial_update destroy -2024.6
/propertymappings/rac/{pm_uuid}/used_by/ list -2024.6
/propertymappings/saml/ list create -2024.6
/propertymappings/saml/{pm_uuid}/ retrieve update partial_update destroy -2024.6
/propertymappings/saml/{pm_uuid}/used_by/ list -2024.6
/propertymappings/scim/ list create -2024.6
/propertymappings/scim/{pm_uuid}/ retrieve update partial_update destroy -2024.6
/propertymappings/scim/{pm_uuid}/used_by/ list -2024.6
/propertymappings/scope/ list create -2024.6
/propertymappings/scope/{pm_uuid}/ retrieve update partial_update destroy -2024.6
/propertymappings/scope/{pm_uuid}/used_by/ list -2024.6
/propertymappings/source/kerberos/ list create 2024.10-
/propertymappings/source/kerberos/{pm_uuid}/ retrieve update partial_update destroy 2024.10-
/propertymappings/source/kerberos/{pm_uuid}/used_by/ list 2024.10-
/propertymappings/source/ldap/ list create 2024.8-
/propertymappings/source/ldap/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/source/ldap/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/source/oauth/ list create 2024.8-
/propertymappings/source/oauth/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/source/oauth/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/source/plex/ list create 2024.8-
/propertymappings/source/plex/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/source/plex/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/source/saml/ list create 2024.8-
/propertymappings/source/saml/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/source/saml/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/source/scim/ list create 2024.8-
/propertymappings/source/scim/{pm_uuid}/ retrieve update partial_update destroy 2024.8-
/propertymappings/source/scim/{pm_uuid}/used_by/ list 2024.8-
/propertymappings/source/telegram/ list create 2025.10-
/propertymappings/source/telegram/{pm_uuid}/ retrieve update partial_update destroy 2025.10-
/propertymappings/source/telegram/{pm_uuid}/used_by/ list 2025.10-
/providers/all/ list
/providers/all/types/ list
/providers/all/{id}/ retrieve destroy
/providers/all/{id}/used_by/ list
/providers/google_workspace/ list create 2024.6-
/providers/google_workspace/{id}/ retrieve update partial_update destroy 2024.6-
/providers/google_workspace/{id}/sync/object/ create 2024.8-
/providers/google_workspace/{id}/sync/status/ retrieve 2024.6-
/providers/google_workspace/{id}/used_by/ list 2024.6-
/providers/google_workspace_groups/ list create 2024.6-
/providers/google_workspace_groups/{id}/ retrieve destroy 2024.6-
/providers/google_workspace_groups/{id}/used_by/ list 2024.6-
/providers/google_workspace_users/ list create 2024.6-
/providers/google_workspace_users/{id}/ retrieve destroy 2024.6-
/providers/google_workspace_users/{id}/used_by/ list 2024.6-
/providers/ldap/ list create
/providers/ldap/{id}/ retrieve update partial_update destroy
/providers/ldap/{id}/used_by/ list
/providers/microsoft_entra/ list create 2024.6-
/providers/microsoft_entra/{id}/ retrieve update partial_update destroy 2024.6-
/providers/microsoft_entra/{id}/sync/object/ create 2024.8-
/providers/microsoft_entra/{id}/sync/status/ retrieve 2024.6-
/providers/microsoft_entra/{id}/used_by/ list 2024.6-
/providers/microsoft_entra_groups/ list create 2024.6-
/providers/microsoft_entra_groups/{id}/ retrieve destroy 2024.6-
/providers/microsoft_entra_groups/{id}/used_by/ list 2024.6-
/providers/microsoft_entra_users/ list create 2024.6-
/providers/microsoft_entra_users/{id}/ retrieve destroy 2024.6-
/providers/microsoft_entra_users/{id}/used_by/ list 2024.6-
/providers/oauth2-dcr/ list create 2026.8-
/providers/oauth2-dcr/{pbm_uuid}/ retrieve update partial_update destroy 2026.8-
/providers/oauth2/ list create
/providers/oauth2/{id}/ retrieve update partial_update destroy
/providers/oauth2/{id}/preview_user/ retrieve
/providers/oauth2/{id}/setup_urls/ retrieve
/providers/oauth2/{id}/used_by/ list
/providers/proxy/ list create
/providers/proxy/{id}/ retrieve update partial_update destroy
/providers/proxy/{id}/used_by/ list
/providers/rac/ list create
/providers/rac/{id}/ retrieve update partial_update destroy
/providers/rac/{id}/used_by/ list
/providers/radius/ list create
/providers/radius/{id}/ retrieve update partial_update destroy
/providers/radius/{id}/used_by/ list
/providers/saml/ list create
/providers/saml/import_metadata/ create
/providers/saml/{id}/ retrieve update partial_update destroy
/providers/saml/{id}/metadata/ retrieve
/providers/saml/{id}/preview_user/ retrieve
/providers/saml/{id}/used_by/ list
/providers/scim/ list create
/providers/scim/{id}/ retrieve update partial_update destroy
/providers/scim/{id}/sync/object/ create 2024.8-
/providers/scim/{id}/sync/status/ retrieve 2024.6-
/providers/scim/{id}/sync_status/ retrieve -2024.4
/providers/scim/{id}/used_by/ list
/providers/scim_groups/ list create 2024.6-
/providers/scim_groups/{id}/ retrieve destroy 2024.6-
/providers/scim_groups/{id}/used_by/ list 2024.6-
/providers/scim_users/ list create 2024.6-
/providers/scim_users/{id}/ retrieve destroy 2024.6-
/providers/scim_users/{id}/used_by/ list 2024.6-
/providers/ssf/ list create 2025.2-
/providers/ssf/{id}/ retrieve update partial_update destroy 2025.2-
/providers/ssf/{id}/used_by/ list 2025.2-
/providers/wsfed/ list create 2026.2-
/providers/wsfed/{id}/ retrieve update partial_update destroy 2026.2-
/providers/wsfed/{id}/metadata/ retrieve 2026.2-
/providers/wsfed/{id}/preview_user/ retrieve 2026.2-
/providers/wsfed/{id}/used_by/ list 2026.2-
/rac/connection_tokens/ list
/rac/connection_tokens/{connection_token_uuid}/ retrieve update partial_update destroy
/rac/connection_tokens/{connection_token_uuid}/used_by/ list
/rac/endpoints/ list create
/rac/endpoints/{pbm_uuid}/ retrieve update partial_update destroy
/rac/endpoints/{pbm_uuid}/used_by/ list
/rbac/initial_permissions/ list create 2025.4-
/rbac/initial_permissions/{id}/ retrieve update partial_update destroy 2025.4-
/rbac/initial_permissions/{id}/used_by/ list 2025.4-
/rbac/permissions/ list
/rbac/permissions/assigned_by_roles/ list
/rbac/permissions/assigned_by_roles/{uuid}/assign/ create -2024.6
/rbac/permissions/assigned_by_roles/{uuid}/assign/ create=rbac_permissions_assigned_by_roles_assign 2024.8-
/rbac/permissions/assigned_by_roles/{uuid}/unassign/ partial_update
/rbac/permissions/assigned_by_users/ list -2025.10
/rbac/permissions/assigned_by_users/{id}/assign/ create -2024.6
/rbac/permissions/assigned_by_users/{id}/assign/ create=rbac_permissions_assigned_by_users_assign 2024.8-2025.10
/rbac/permissions/assigned_by_users/{id}/unassign/ partial_update -2025.10
/rbac/permissions/roles/ list
/rbac/permissions/roles/{id}/ retrieve update partial_update destroy 2024.8-2025.10
/rbac/permissions/users/ list -2025.10
/rbac/permissions/users/{id}/ retrieve update partial_update destroy 2024.8-2025.10
/rbac/permissions/{id}/ retrieve
/rbac/roles/ list create
/rbac/roles/{uuid}/ retrieve update partial_update destroy
/rbac/roles/{uuid}/add_user/ create 2025.12-
/rbac/roles/{uuid}/remove_user/ create 2025.12-
/rbac/roles/{uuid}/used_by/ list
/reports/exports/ list 2025.12-
/reports/exports/{id}/ retrieve destroy 2025.12-
/requests/grant-requests/ list create 2026.8-
/requests/grant-requests/agent/ create 2026.8-
/requests/grant-requests/pending_review/ list 2026.8-
/requests/grant-requests/{uuid}/ retrieve destroy 2026.8-
/requests/grant-requests/{uuid}/fulfill/ partial_update 2026.8-
/requests/grant-requests/{uuid}/revoke/ destroy 2026.8-
/requests/rule-bindings/ list create 2026.8-
/requests/rule-bindings/{uuid}/ retrieve update partial_update destroy 2026.8-
/requests/rule-bindings/{uuid}/used_by/ list 2026.8-
/requests/rule-child-bindings/ list create 2026.8-
/requests/rule-child-bindings/{uuid}/ retrieve update partial_update destroy 2026.8-
/requests/rule-child-bindings/{uuid}/used_by/ list 2026.8-
/requests/rules/ list create 2026.8-
/requests/rules/{uuid}/ retrieve update partial_update destroy 2026.8-
/requests/rules/{uuid}/used_by/ list 2026.8-
/root/config/ retrieve
/schema/ retrieve
/sources/all/ list
/sources/all/types/ list
/sources/all/user_settings/ list
/sources/all/{slug}/ retrieve destroy
/sources/all/{slug}/set_icon/ create -2025.10
/sources/all/{slug}/set_icon_url/ create -2025.10
/sources/all/{slug}/used_by/ list
/sources/group_connections/all/ list 2025.4-
/sources/group_connections/all/{id}/ retrieve update partial_update destroy 2025.4-
/sources/group_connections/all/{id}/used_by/ list 2025.4-
/sources/group_connections/kerberos/ create 2025.4-
/sources/group_connections/kerberos/ list 2024.10-
/sources/group_connections/kerberos/{id}/ retrieve update partial_update destroy 2024.10-
/sources/group_connections/kerberos/{id}/used_by/ list 2024.10-
/sources/group_connections/ldap/ list create 2025.4-
/sources/group_connections/ldap/{id}/ retrieve update partial_update destroy 2025.4-
/sources/group_connections/ldap/{id}/used_by/ list 2025.4-
/sources/group_connections/oauth/ list create 2024.8-
/sources/group_connections/oauth/{id}/ retrieve update partial_update destroy 2024.8-
/sources/group_connections/oauth/{id}/used_by/ list 2024.8-
/sources/group_connections/plex/ list create 2024.8-
/sources/group_connections/plex/{id}/ retrieve update partial_update destroy 2024.8-
/sources/group_connections/plex/{id}/used_by/ list 2024.8-
/sources/group_connections/saml/ create 2025.4-
/sources/group_connections/saml/ list 2024.8-
/sources/group_connections/saml/{id}/ retrieve update partial_update destroy 2024.8-
/sources/group_connections/saml/{id}/used_by/ list 2024.8-
/sources/group_connections/telegram/ list create 2025.10-
/sources/group_connections/telegram/{id}/ retrieve update partial_update destroy 2025.10-
/sources/group_connections/telegram/{id}/used_by/ list 2025.10-
/sources/kerberos/ list create 2024.10-
/sources/kerberos/{slug}/ retrieve update partial_update destroy 2024.10-
/sources/kerberos/{slug}/sync/status/ retrieve 2024.10-
/sources/kerberos/{slug}/used_by/ list 2024.10-
/sources/ldap/ list create
/sources/ldap/{slug}/ retrieve update partial_update destroy
/sources/ldap/{slug}/debug/ retrieve
/sources/ldap/{slug}/sync/status/ retrieve 2024.6-
/sources/ldap/{slug}/sync_status/ retrieve -2024.4
/sources/ldap/{slug}/used_by/ list
/sources/oauth/ list create
/sources/oauth/source_types/ list
/sources/oauth/{slug}/ retrieve update partial_update destroy
/sources/oauth/{slug}/used_by/ list
/sources/plex/ list create
/sources/plex/redeem_token/ create
/sources/plex/redeem_token_authenticated/ create
/sources/plex/{slug}/ retrieve update partial_update destroy
/sources/plex/{slug}/used_by/ list
/sources/saml/ list create
/sources/saml/{slug}/ retrieve update partial_update destroy
/sources/saml/{slug}/metadata/ retrieve
/sources/saml/{slug}/used_by/ list
/sources/scim/ list create 2024.4-
/sources/scim/{slug}/ retrieve update partial_update destroy 2024.4-
/sources/scim/{slug}/used_by/ list 2024.4-
/sources/scim_groups/ list create 2024.4-
/sources/scim_groups/{id}/ retrieve update partial_update destroy 2024.4-
/sources/scim_groups/{id}/used_by/ list 2024.4-
/sources/scim_users/ list create 2024.4-
/sources/scim_users/{id}/ retrieve update partial_update destroy 2024.4-
/sources/scim_users/{id}/used_by/ list 2024.4-
/sources/telegram/ list create 2025.10-
/sources/telegram/{slug}/ retrieve update partial_update destroy 2025.10-
/sources/telegram/{slug}/connect_user/ create 2025.12-
/sources/telegram/{slug}/used_by/ list 2025.10-
/sources/user_connections/all/ list
/sources/user_connections/all/{id}/ retrieve update partial_update destroy
/sources/user_connections/all/{id}/used_by/ list
/sources/user_connections/kerberos/ list create 2024.10-
/sources/user_connections/kerberos/{id}/ retrieve update partial_update destroy 2024.10-
/sources/user_connections/kerberos/{id}/used_by/ list 2024.10-
/sources/user_connections/ldap/ list create 2025.4-
/sources/user_connections/ldap/{id}/ retrieve update partial_update destroy 2025.4-
/sources/user_connections/ldap/{id}/used_by/ list 2025.4-
/sources/user_connections/oauth/ list create
/sources/user_connections/oauth/{id}/ retrieve update partial_update destroy
/sources/user_connections/oauth/{id}/used_by/ list
/sources/user_connections/plex/ list create
/sources/user_connections/plex/{id}/ retrieve update partial_update destroy
/sources/user_connections/plex/{id}/used_by/ list
/sources/user_connections/saml/ list create
/sources/user_connections/saml/{id}/ retrieve update partial_update destroy
/sources/user_connections/saml/{id}/used_by/ list
/sources/user_connections/telegram/ list create 2025.10-
/sources/user_connections/telegram/{id}/ retrieve update partial_update destroy 2025.10-
/sources/user_connections/telegram/{id}/used_by/ list 2025.10-
/ssf/streams/ list 2025.2-
/ssf/streams/{uuid}/ destroy 2026.5-
/ssf/streams/{uuid}/ retrieve 2025.2-
/stages/account_lockdown/ list create 2026.5-
/stages/account_lockdown/{stage_uuid}/ retrieve update partial_update destroy 2026.5-
/stages/account_lockdown/{stage_uuid}/used_by/ list 2026.5-
/stages/all/ list
/stages/all/types/ list
/stages/all/user_settings/ list
/stages/all/{stage_uuid}/ retrieve destroy
/stages/all/{stage_uuid}/used_by/ list
/stages/authenticator/duo/ list create
/stages/authenticator/duo/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/duo/{stage_uuid}/enrollment_status/ create
/stages/authenticator/duo/{stage_uuid}/import_device_manual/ create
/stages/authenticator/duo/{stage_uuid}/import_devices_automatic/ create
/stages/authenticator/duo/{stage_uuid}/used_by/ list
/stages/authenticator/email/ list create 2025.2-
/stages/authenticator/email/{stage_uuid}/ retrieve update partial_update destroy 2025.2-
/stages/authenticator/email/{stage_uuid}/used_by/ list 2025.2-
/stages/authenticator/endpoint_gdtc/ list create 2024.10-
/stages/authenticator/endpoint_gdtc/{stage_uuid}/ retrieve update partial_update destroy 2024.10-
/stages/authenticator/endpoint_gdtc/{stage_uuid}/used_by/ list 2024.10-
/stages/authenticator/sms/ list create
/stages/authenticator/sms/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/sms/{stage_uuid}/used_by/ list
/stages/authenticator/static/ list create
/stages/authenticator/static/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/static/{stage_uuid}/used_by/ list
/stages/authenticator/totp/ list create
/stages/authenticator/totp/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/totp/{stage_uuid}/used_by/ list
/stages/authenticator/validate/ list create
/stages/authenticator/validate/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/validate/{stage_uuid}/used_by/ list
/stages/authenticator/webauthn/ list create
/stages/authenticator/webauthn/{stage_uuid}/ retrieve update partial_update destroy
/stages/authenticator/webauthn/{stage_uuid}/used_by/ list
/stages/authenticator/webauthn_device_types/ list 2024.4-
/stages/authenticator/webauthn_device_types/{aaguid}/ retrieve 2024.4-
/stages/captcha/ list create
/stages/captcha/{stage_uuid}/ retrieve update partial_update destroy
/stages/captcha/{stage_uuid}/used_by/ list
/stages/consent/ list create
/stages/consent/{stage_uuid}/ retrieve update partial_update destroy
/stages/consent/{stage_uuid}/used_by/ list
/stages/deny/ list create
/stages/deny/{stage_uuid}/ retrieve update partial_update destroy
/stages/deny/{stage_uuid}/used_by/ list
/stages/dummy/ list create
/stages/dummy/{stage_uuid}/ retrieve update partial_update destroy
/stages/dummy/{stage_uuid}/used_by/ list
/stages/email/ list create
/stages/email/templates/ list
/stages/email/{stage_uuid}/ retrieve update partial_update destroy
/stages/email/{stage_uuid}/used_by/ list
/stages/endpoints/ list create 2025.12-
/stages/endpoints/{stage_uuid}/ retrieve update partial_update destroy 2025.12-
/stages/endpoints/{stage_uuid}/used_by/ list 2025.12-
/stages/identification/ list create
/stages/identification/{stage_uuid}/ retrieve update partial_update destroy
/stages/identification/{stage_uuid}/used_by/ list
/stages/invitation/invitations/ list create
/stages/invitation/invitations/{invite_uuid}/ retrieve update partial_update destroy
/stages/invitation/invitations/{invite_uuid}/send_email/ create 2026.5-
/stages/invitation/invitations/{invite_uuid}/used_by/ list
/stages/invitation/stages/ list create
/stages/invitation/stages/{stage_uuid}/ retrieve update partial_update destroy
/stages/invitation/stages/{stage_uuid}/used_by/ list
/stages/mtls/ list create 2025.6-
/stages/mtls/{stage_uuid}/ retrieve update partial_update destroy 2025.6-
/stages/mtls/{stage_uuid}/used_by/ list 2025.6-
/stages/password/ list create
/stages/password/{stage_uuid}/ retrieve update partial_update destroy
/stages/password/{stage_uuid}/used_by/ list
/stages/prompt/prompts/ list create
/stages/prompt/prompts/preview/ create
/stages/prompt/prompts/{prompt_uuid}/ retrieve update partial_update destroy
/stages/prompt/prompts/{prompt_uuid}/used_by/ list
/stages/prompt/stages/ list create
/stages/prompt/stages/{stage_uuid}/ retrieve update partial_update destroy
/stages/prompt/stages/{stage_uuid}/used_by/ list
/stages/redirect/ list create 2024.12-
/stages/redirect/{stage_uuid}/ retrieve update partial_update destroy 2024.12-
/stages/redirect/{stage_uuid}/used_by/ list 2024.12-
/stages/source/ list create 2024.4-
/stages/source/{stage_uuid}/ retrieve update partial_update destroy 2024.4-
/stages/source/{stage_uuid}/used_by/ list 2024.4-
/stages/user_delete/ list create
/stages/user_delete/{stage_uuid}/ retrieve update partial_update destroy
/stages/user_delete/{stage_uuid}/used_by/ list
/stages/user_login/ list create
/stages/user_login/{stage_uuid}/ retrieve update partial_update destroy
/stages/user_login/{stage_uuid}/used_by/ list
/stages/user_logout/ list create
/stages/user_logout/{stage_uuid}/ retrieve update partial_update destroy
/stages/user_logout/{stage_uuid}/used_by/ list
/stages/user_write/ list create
/stages/user_write/{stage_uuid}/ retrieve update partial_update destroy
/stages/user_write/{stage_uuid}/used_by/ list
/tasks/schedules/ list 2025.8-
/tasks/schedules/{id}/ retrieve update partial_update 2025.8-
/tasks/schedules/{id}/send/ create 2025.8-
/tasks/tasks/ list 2025.8-
/tasks/tasks/status/ retrieve 2025.10-
/tasks/tasks/{message_id}/ retrieve 2025.8-
/tasks/tasks/{message_id}/retry/ create 2025.8-
/tasks/workers list 2025.8-2026.2
/tasks/workers/ list 2026.5-
/tenants/domains/ list create
/tenants/domains/{id}/ retrieve update partial_update destroy
/tenants/tenants/ list create
/tenants/tenants/{tenant_uuid}/ retrieve update partial_update destroy
/tenants/tenants/{tenant_uuid}/create_admin_group/ create
/tenants/tenants/{tenant_uuid}/create_recovery_key/ create
`
